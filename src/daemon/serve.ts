import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type App, type AppOptions, buildApp } from '../api/app.ts';
import { buildMetricsApp } from '../api/metrics-app.ts';
import { Metrics } from '../metrics/metrics.ts';
import type { AuditEntry } from '../model/audit.ts';
import type { Instance } from './compose.ts';
import type { PlannedListener } from './listen-plan.ts';
import { Listeners } from './listeners.ts';
import { type Logger, quiet } from './log.ts';

/** The faces of an instance: the app of the local socket, and the TCP listeners. */
export interface Faces {
  readonly socketApp: App;
  readonly listeners: Listeners;
  close(): Promise<void>;
}

export function facesOf({ netxfw, tokens, audit }: Instance, log: Logger): Faces {
  const metrics = new Metrics(netxfw);
  const read = () => metrics.read();
  const common: AppOptions = {
    logger: quiet(log),
    observe: metrics.observe,
    audit: (entry) => {
      audit.record(entry);
      writeAudit(log, entry);
    },
  };
  const build = ({ name, certificate, exposed }: PlannedListener, names: () => readonly string[]): App => {
    const tls = certificate === null ? {} : { tls: { cert: certificate.cert, key: certificate.key } };
    const guarded = { ...common, ...tls, access: tokens, names };
    switch (name) {
      case 'api':
        return buildApp(netxfw, { ...guarded, documented: true, metrics: read });
      case 'web':
        return buildApp(netxfw, { ...guarded, documented: true, ui: { directory: webDirectory() } });
      case 'metrics':
        // Whoever is on this host may look at the figures, as with other exporters.
        return buildMetricsApp({ ...(exposed ? { access: tokens } : {}), ...tls, names, read, logger: quiet(log) });
    }
  };
  const listeners = new Listeners({ build, tokens: () => tokens.count, log });
  const unsubscribe = tokens.onChange(() => void listeners.refresh());
  return {
    socketApp: buildApp(netxfw, { ...common, metrics: read }),
    listeners,
    async close() {
      unsubscribe();
      metrics[Symbol.dispose]();
      await listeners.close();
    },
  };
}

/** One line for every change and every refusal: who, from where, what, and how it ended. */
function writeAudit(log: Logger, { route, target, from, input, ...rest }: AuditEntry): void {
  const { outcome } = rest;
  const entry = {
    ...rest,
    ...(from === null ? {} : { from }),
    what: `${route.slice(0, route.indexOf(' '))} ${target}`,
    ...(input === null ? {} : { input }),
  };
  if (outcome === 'ok') log.info(entry, 'audit');
  else log.warn(entry, 'audit');
}

/** The built web UI: dist/web of the checkout or package that this code, compiled or not, belongs to. */
function webDirectory(): string {
  for (let current = dirname(fileURLToPath(import.meta.url)); ; current = dirname(current)) {
    const path = join(current, 'dist', 'web');
    if (existsSync(path) || current === dirname(current)) return path;
  }
}
