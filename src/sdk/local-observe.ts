import type { Engine } from '../engine/engine.ts';
import type { ConnAPI, EventAPI, ExplainAPI } from './observe-types.ts';

/** Connections of an engine in this process. */
export function localConns({ observation: { conns } }: Engine): ConnAPI {
  return {
    list: (query) => conns.list(query),
    counts: () => conns.counts(),
    flush: (filter) => conns.flush(filter),
  };
}

export function localEvents({ observation: { verdicts } }: Engine): EventAPI {
  return {
    verdicts: (filter, signal) => verdicts.follow(filter, signal),
    engine: undefined as never,
    top: async () => verdicts.top(),
  };
}

export function localExplain({ observation }: Engine): ExplainAPI {
  return { explain: async (request) => observation.explain(request) };
}
