import { toChangeHeaders } from '../model/change-headers.ts';
import type { RuleChange } from '../model/rules.ts';
import { connApi, eventApi, explainApi, extensionApi, healthApi, perfApi, pluginApi } from './remote-observe.ts';
import { configApi, limitApi, portApi } from './remote-policy.ts';
import { exportRules, importRules, replaceSource } from './remote-transfer.ts';
import type { Transport } from './transport.ts';
import type { DynamicAPI, Netxfw, RuleAPI, StatsAPI, SystemAPI, TokenAPI } from './types.ts';

/** Every method of the SDK as a call of the REST API, over any transport: this is where paths and bodies stand. */
export function remoteApi(http: Transport, close: () => void): Netxfw {
  return {
    rules: ruleApi(http),
    dynamic: dynamicApi(http),
    stats: statsApi(http),
    system: systemApi(http),
    limits: limitApi(http),
    ports: portApi(http),
    config: configApi(http),
    conns: connApi(http),
    events: eventApi(http),
    explain: explainApi(http),
    plugins: pluginApi(http),
    extensions: extensionApi(http),
    perf: perfApi(http),
    health: healthApi(http),
    tokens: tokenApi(http),
    close: async () => close(),
    [Symbol.asyncDispose]: async () => close(),
  };
}

function ruleApi(http: Transport): RuleAPI {
  return {
    add: (rule, options) => http.json('POST', '/api/rules', {}, rule, toChangeHeaders(options)),
    addMany: (rules, options) =>
      http.json<readonly RuleChange[]>('POST', '/api/rules', {}, rules, toChangeHeaders(options)),
    remove: (prefix, list, options) =>
      http.json('DELETE', '/api/rules', { prefix, list }, undefined, toChangeHeaders(options)),
    removeMany: (selection, options) => http.json('POST', '/api/rules/remove', {}, selection, toChangeHeaders(options)),
    previewRemoval: (selection) => http.json('POST', '/api/rules/remove', { preview: true }, selection),
    clear: async (list, options) => {
      const body = list === undefined ? {} : { list };
      return (await http.json<{ removed: number }>('POST', '/api/rules/clear', {}, body, toChangeHeaders(options)))
        .removed;
    },
    list: (query = {}) => http.json('GET', '/api/rules', { ...query }),
    counts: () => http.json('GET', '/api/rules/counts'),
    match: (address) => http.json('GET', '/api/rules/match', { address }),
    import: (request) => importRules(http, request),
    export: (request = {}) => exportRules(http, request),
    replaceSource: (request) => replaceSource(http, request),
    updateSource: (update, options) => http.json('PATCH', '/api/rules/source', {}, update, toChangeHeaders(options)),
    sources: () => http.json('GET', '/api/rules/sources'),
  };
}

function dynamicApi(http: Transport): DynamicAPI {
  return {
    add: (input, options) => http.json('POST', '/api/dynamic', {}, input, toChangeHeaders(options)),
    remove: async (prefix) => void (await http.json('DELETE', '/api/dynamic', { prefix })),
    list: () => http.json('GET', '/api/dynamic'),
    clear: async () => (await http.json<{ removed: number }>('POST', '/api/dynamic/clear')).removed,
  };
}

function statsApi(http: Transport): StatsAPI {
  return {
    get: () => http.json('GET', '/api/stats'),
    history: (after) => http.json('GET', '/api/stats/history', { after }),
    reset: async () => void (await http.json('POST', '/api/stats/reset')),
  };
}

function systemApi(http: Transport): SystemAPI {
  return {
    status: () => http.json('GET', '/api/system/status'),
    version: async () => (await http.json<{ version: string }>('GET', '/version')).version,
    reset: (options) => http.json('POST', '/api/system/reset', {}, {}, toChangeHeaders(options)),
    audit: (query = {}) => http.json('GET', '/api/system/audit', { ...query }),
    doctor: () => http.json('GET', '/api/system/doctor'),
  };
}

function tokenApi(http: Transport): TokenAPI {
  return {
    create: (input) => http.json('POST', '/api/tokens', {}, input),
    list: () => http.json('GET', '/api/tokens'),
    remove: async (name) => void (await http.json('DELETE', '/api/tokens', { name })),
  };
}
