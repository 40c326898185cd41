import Fastify, { type FastifyInstance, LogController } from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import { answerBrokenRequest, handleError } from './errors.ts';
import { limitConnections } from './hooks/connections.ts';
import { type AppOptions, DEFAULT_LIMITS } from './options.ts';

export type ServerOptions = Pick<AppOptions, 'limits' | 'logger' | 'tls' | 'checkAnswers'>;

/** Fastify with our limits, schemas and error answers, and no route yet. */
export function createServer(options: ServerOptions): FastifyInstance {
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const server = {
    headersTimeout: limits.headersTimeout,
    maxHeaderSize: limits.headers,
    connectionsCheckingInterval: Math.min(1000, limits.headersTimeout),
  };
  const common = {
    ...(options.logger === undefined ? {} : { loggerInstance: options.logger }),
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: limits.body,
    requestTimeout: limits.requestTimeout,
    connectionTimeout: limits.idleTimeout,
    clientErrorHandler: answerBrokenRequest,
    frameworkErrors: handleError,
    return503OnClosing: true,
  };
  const { tls } = options;
  // With https the type of the server changes, and nothing else that anybody here uses.
  const app: FastifyInstance =
    tls === undefined
      ? Fastify({ ...common, http: server })
      : (Fastify({ ...common, https: { ...server, ...tls, handshakeTimeout: limits.headersTimeout } }) as never);
  app.server.maxConnections = limits.connections;
  limitConnections(app.server, limits.connectionsPerPeer);
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(options.checkAnswers ? serializerCompiler : () => (data) => JSON.stringify(data));
  app.setErrorHandler(handleError);
  return app;
}
