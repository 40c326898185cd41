import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { App } from './app.ts';
import { answerUnknownPath } from './errors.ts';
import { requireCaller } from './hooks/auth.ts';
import { FailureLimit } from './hooks/failures.ts';
import { securityHeaders } from './hooks/headers.ts';
import { requireSameSite } from './hooks/same-site.ts';
import type { AppOptions } from './options.ts';
import { metricsRoute } from './routes/metrics.ts';
import { createServer } from './server.ts';

export interface MetricsAppOptions extends Pick<AppOptions, 'access' | 'names' | 'tls' | 'limits' | 'logger'> {
  readonly read: () => Promise<string>;
}

/** The listener that a Prometheus scrapes: /metrics and nothing else. With `access` it takes a token, else everybody. */
export function buildMetricsApp({ read, access, names, ...server }: MetricsAppOptions): App {
  const app = createServer(server);
  app.decorateRequest('caller', null).decorateRequest('failure', null);
  securityHeaders(app);
  requireSameSite(app, names ?? (() => []));
  app.setNotFoundHandler(answerUnknownPath);
  app.register(async (scope) => {
    requireCaller(scope, access === undefined ? null : { access, failures: new FailureLimit(), sessions: null });
    metricsRoute(scope.withTypeProvider<ZodTypeProvider>(), read);
  });
  return app;
}
