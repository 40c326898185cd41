import type { Engine } from '../engine/engine.ts';
import type { ConnAPI, EventAPI, ExplainAPI, HealthAPI, PerfAPI, PluginAPI } from './observe-types.ts';

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

export function localHealth({ observation: { health } }: Engine): HealthAPI {
  return { check: async () => health.check() };
}
