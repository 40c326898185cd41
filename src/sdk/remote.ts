import type { RuleChange } from '../model/rules.ts';
import { HttpClient, type RemoteTarget } from './remote-http.ts';
import { exportRules, importRules } from './remote-transfer.ts';
import type { DynamicAPI, Netxfw, RuleAPI, StatsAPI, SystemAPI, TokenAPI } from './types.ts';

export type { RemoteTarget } from './remote-http.ts';

/**
 * netxfw behind a socket or URL. Nothing is sent until the first call; connections are kept and reused, and do not keep
 * the process alive. Every method rejects with the NetxfwError of the other side, or with DAEMON_UNREACHABLE.
 */
export function createRemote(target: RemoteTarget): Netxfw {
  const http = new HttpClient(target);
  return {
    rules: ruleApi(http),
    dynamic: dynamicApi(http),
    stats: statsApi(http),
    system: systemApi(http),
    tokens: tokenApi(http),
    close: async () => http.close(),
    [Symbol.asyncDispose]: async () => http.close(),
  };
}

function ruleApi(http: HttpClient): RuleAPI {
  return {
    add: (rule) => http.json('POST', '/api/rules', {}, rule),
    addMany: (rules) => http.json<readonly RuleChange[]>('POST', '/api/rules', {}, rules),
    remove: (prefix, list) => http.json('DELETE', '/api/rules', { prefix, list }),
    list: (query = {}) => http.json('GET', '/api/rules', { ...query }),
    counts: () => http.json('GET', '/api/rules/counts'),
    match: (address) => http.json('GET', '/api/rules/match', { address }),
    import: (request) => importRules(http, request),
    export: (request = {}) => exportRules(http, request),
  };
}

function dynamicApi(http: HttpClient): DynamicAPI {
  return {
    add: (input) => http.json('POST', '/api/dynamic', {}, input),
    remove: async (prefix) => void (await http.json('DELETE', '/api/dynamic', { prefix })),
    list: () => http.json('GET', '/api/dynamic'),
    clear: async () => (await http.json<{ removed: number }>('POST', '/api/dynamic/clear')).removed,
  };
}

function statsApi(http: HttpClient): StatsAPI {
  return {
    get: () => http.json('GET', '/api/stats'),
    reset: async () => void (await http.json('POST', '/api/stats/reset')),
  };
}

function systemApi(http: HttpClient): SystemAPI {
  return {
    status: () => http.json('GET', '/api/system/status'),
    version: async () => (await http.json<{ version: string }>('GET', '/version')).version,
  };
}

function tokenApi(http: HttpClient): TokenAPI {
  return {
    create: (input) => http.json('POST', '/api/tokens', {}, input),
    list: () => http.json('GET', '/api/tokens'),
    remove: async (name) => void (await http.json('DELETE', '/api/tokens', { name })),
  };
}
