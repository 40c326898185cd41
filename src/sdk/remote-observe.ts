import { toChangeHeaders } from '../model/change-headers.ts';
import type { EngineEvent, VerdictEvent } from '../model/events.ts';
import { readLines } from './remote-transfer.ts';
import type { Query, Transport } from './transport.ts';
import type { ConnAPI, EventAPI, ExplainAPI, ExtensionAPI, HealthAPI, PerfAPI, PluginAPI } from './types.ts';

export function connApi(http: Transport): ConnAPI {
  return {
    list: (query = {}) => http.json('GET', '/api/conntrack', { ...query }),
    counts: () => http.json('GET', '/api/conntrack/counts'),
    flush: async (filter = {}) =>
      (await http.json<{ removed: number }>('POST', '/api/conntrack/flush', {}, filter)).removed,
  };
}

export function eventApi(http: Transport): EventAPI {
  return {
    verdicts: (filter = {}, signal) =>
      stream<VerdictEvent | { readonly lost: number }>(http, '/api/events/verdicts', { ...filter }, signal),
    engine: (signal) => stream<EngineEvent>(http, '/api/events/engine', {}, signal),
    top: () => http.json('GET', '/api/events/top'),
  };
}

export function explainApi(http: Transport): ExplainAPI {
  return { explain: (request) => http.json('POST', '/api/explain', {}, request) };
}

export function pluginApi(http: Transport): PluginAPI {
  return {
    load: (file, slot, options) => http.json('POST', '/api/plugins', {}, { file, slot }, toChangeHeaders(options)),
    remove: async (slot, options) =>
      void (await http.json('DELETE', '/api/plugins', { slot }, undefined, toChangeHeaders(options))),
    list: () => http.json('GET', '/api/plugins'),
  };
}

export function extensionApi(http: Transport): ExtensionAPI {
  return {
    list: () => http.json('GET', '/api/extensions'),
    call: async (name, command, argument = null) =>
      (await http.json<{ value: unknown }>('POST', '/api/extensions/call', { name, command }, { argument })).value,
  };
}

export function perfApi(http: Transport): PerfAPI {
  return {
    get: () => http.json('GET', '/api/perf'),
    reset: async () => void (await http.json('POST', '/api/perf/reset', {}, {})),
  };
}

export function healthApi(http: Transport): HealthAPI {
  return { check: () => http.json('GET', '/api/health') };
}

/** Server-sent events (WHATWG HTML, section 9.2): one JSON document in each `data:` line; comments keep it alive. */
async function* stream<T>(http: Transport, path: string, query: Query, signal?: AbortSignal): AsyncGenerator<T> {
  if (signal?.aborted) return;
  const headers = { accept: 'text/event-stream' };
  try {
    for await (const line of readLines(await http.open({ method: 'GET', path, query, headers, signal }))) {
      if (line.startsWith('data:')) yield JSON.parse(line.slice(5)) as T;
    }
  } catch (error) {
    if (!signal?.aborted) throw error;
  }
}
