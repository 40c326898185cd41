import cookie from '@fastify/cookie';
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { Netxfw } from '../sdk/types.ts';
import { answerUnknownPath } from './errors.ts';
import { auditChanges } from './hooks/audit.ts';
import { type Guard, requireCaller } from './hooks/auth.ts';
import { FailureLimit } from './hooks/failures.ts';
import { securityHeaders } from './hooks/headers.ts';
import { observeAnswers } from './hooks/observe.ts';
import { requireSameSite } from './hooks/same-site.ts';
import { Sessions } from './hooks/sessions.ts';
import { documentApi } from './openapi.ts';
import { type AppLimits, type AppOptions, DEFAULT_LIMITS } from './options.ts';
import { configRoutes } from './routes/config.ts';
import { conntrackRoutes } from './routes/conntrack.ts';
import { dynamicRoutes } from './routes/dynamic.ts';
import { eventRoutes } from './routes/events.ts';
import { explainRoutes } from './routes/explain.ts';
import { extensionRoutes } from './routes/extensions.ts';
import { healthReportRoute, healthRoutes } from './routes/health.ts';
import { limitRoutes } from './routes/limits.ts';
import { metricsRoute } from './routes/metrics.ts';
import { perfRoutes } from './routes/perf.ts';
import { pluginRoutes } from './routes/plugins.ts';
import { portRoutes } from './routes/ports.ts';
import { ruleRoutes } from './routes/rules.ts';
import { ruleTransferRoutes } from './routes/rules-transfer.ts';
import { loginRoute, sessionRoutes } from './routes/session.ts';
import { sourceRoutes } from './routes/sources.ts';
import { statsRoutes } from './routes/stats.ts';
import { syncRoutes } from './routes/sync.ts';
import { systemRoutes } from './routes/system.ts';
import { tokenRoutes } from './routes/tokens.ts';
import { userInterface } from './routes/ui.ts';
import { createServer } from './server.ts';

export type { AppLimits, AppOptions } from './options.ts';

export type App = FastifyInstance;
/** The app as route files see it: schemas give the handlers their types. */
export type TypedApp = ReturnType<typeof typed>;

const typed = (app: FastifyInstance) => app.withTypeProvider<ZodTypeProvider>();

/** HTTP face of the SDK. It never listens: the caller gives it a socket, or injects requests. */
export function buildApp(sdk: Netxfw, options: AppOptions = {}): App {
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const app = createServer(options);
  const guard = guardOf(options);
  // Before any other hook: those run in the order in which they are added, and an answer needs them all.
  app.decorateRequest('caller', null).decorateRequest('mayStay', null).decorateRequest('failure', null);
  if (options.observe) observeAnswers(app, options.observe);
  if (options.audit) auditChanges(app, options.audit);
  if (guard !== null) {
    securityHeaders(app);
    requireSameSite(app, options.names ?? (() => []));
  }
  if (guard?.sessions) app.register(cookie);
  if (options.documented) documentApi(app);
  const page = options.ui === undefined ? null : userInterface(app, options.ui.directory);
  app.setNotFoundHandler((request, reply) => {
    if (page?.answers(request)) return page.send(reply);
    return answerUnknownPath(request, reply);
  });
  app.register(async (open) => {
    healthRoutes(typed(open), sdk);
    if (guard?.sessions) {
      const { sessions } = guard;
      open.register(async (login) => loginRoute(typed(login), guard, sessions), { prefix: '/api' });
    }
  });
  app.register(async (closed) => {
    requireCaller(closed, guard);
    if (options.metrics) metricsRoute(typed(closed), options.metrics);
    closed.register(
      async (api) => {
        apiRoutes(typed(api), sdk, limits);
        if (guard?.sessions) sessionRoutes(typed(api), guard.sessions);
      },
      { prefix: '/api' },
    );
  });
  return app;
}

function apiRoutes(app: TypedApp, sdk: Netxfw, limits: AppLimits): void {
  ruleRoutes(app, sdk.rules);
  sourceRoutes(app, sdk.rules);
  dynamicRoutes(app, sdk.dynamic);
  limitRoutes(app, sdk.limits);
  portRoutes(app, sdk.ports);
  configRoutes(app, sdk.config);
  syncRoutes(app, sdk.config);
  statsRoutes(app, sdk.stats);
  systemRoutes(app, sdk.system);
  conntrackRoutes(app, sdk.conns);
  explainRoutes(app, sdk.explain);
  eventRoutes(app, sdk.events);
  extensionRoutes(app, sdk.extensions);
  perfRoutes(app, sdk.perf);
  pluginRoutes(app, sdk.plugins);
  healthReportRoute(app, sdk.health);
  tokenRoutes(app, sdk.tokens);
  app.register(async (streams) => ruleTransferRoutes(typed(streams), sdk.rules, limits.import));
}

function guardOf({ access, ui }: AppOptions): Guard | null {
  if (access === undefined) return null;
  return { access, failures: new FailureLimit(), sessions: ui === undefined ? null : new Sessions({ access }) };
}
