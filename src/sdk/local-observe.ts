import type { Engine } from '../engine/engine.ts';
import type { ExtensionStatus } from '../model/extensions.ts';
import { say } from '../model/messages.ts';
import type { HealthCheck } from '../model/operations.ts';
import type { ConnAPI, EventAPI, ExplainAPI, ExtensionAPI, HealthAPI, PerfAPI, PluginAPI } from './observe-types.ts';

/** Connections of an engine in this process. */
export function localConns({ observation: { conns } }: Engine): ConnAPI {
  return {
    list: (query) => conns.list(query),
    counts: () => conns.counts(),
    flush: (filter) => conns.flush(filter),
  };
}

export function localEvents({ observation }: Engine): EventAPI {
  const { verdicts } = observation;
  return {
    verdicts: (filter, signal) => verdicts.follow(filter, signal),
    engine: (signal) => observation.events(signal),
    top: async () => verdicts.top(),
  };
}

export function localExplain({ observation }: Engine): ExplainAPI {
  return { explain: async (request) => observation.explain(request) };
}

export function localPlugins(engine: Engine): PluginAPI {
  return {
    load: (file, slot) => engine.loadPlugin(file, slot),
    remove: (slot) => engine.removePlugin(slot),
    list: async () => engine.plugins(),
  };
}

export function localPerf({ observation: { perf } }: Engine): PerfAPI {
  return { get: () => perf.get(), reset: async () => perf.reset() };
}

/** What the engine says of itself, and how the plugins are. */
export function localHealth({ observation: { health } }: Engine, extensions: ExtensionAPI): HealthAPI {
  return {
    async check() {
      const { checks } = health.check();
      const all = [...checks, ...(await extensions.list()).map(checkOf)];
      return { healthy: all.every(({ ok }) => ok), checks: all };
    },
  };
}

function checkOf({ name, state, ok, message }: ExtensionStatus): HealthCheck {
  const fine = ok || state === 'starting';
  const hint = fine ? null : say('health.plugin.do');
  return { name: `plugin ${name}`, ok: fine, message: message || state, hint };
}
