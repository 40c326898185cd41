import { toChangeHeaders } from '../model/change-headers.ts';
import type { ChangeOptions, PendingConfirm } from '../model/operations.ts';
import type { Query, Transport } from './transport.ts';
import type { ConfigAPI, LimitAPI, PortAPI } from './types.ts';

type Change = <T>(method: string, path: string, query: Query, body: unknown, options?: ChangeOptions) => Promise<T>;

const changing =
  (http: Transport): Change =>
  (method, path, query, body, options) =>
    http.json(method, path, query, body, toChangeHeaders(options));

export function limitApi(http: Transport): LimitAPI {
  const change = changing(http);
  return {
    add: (input, options) => change('POST', '/api/limits', {}, input, options),
    remove: async (prefix, options) => void (await change('DELETE', '/api/limits', { prefix }, undefined, options)),
    list: () => http.json('GET', '/api/limits'),
  };
}

export function portApi(http: Transport): PortAPI {
  const change = changing(http);
  return {
    open: (spec, options) => change('POST', '/api/ports', {}, { spec }, options),
    close: async (spec, options) => void (await change('DELETE', '/api/ports', { spec }, undefined, options)),
    edit: (edit, options) => change('PATCH', '/api/ports', {}, edit, options),
    list: () => http.json('GET', '/api/ports'),
    suggest: () => http.json('GET', '/api/ports/suggest'),
    addRule: (input, options) => change('POST', '/api/ports/rules', {}, input, options),
    removeRule: async (prefix, ports, protocol, options) =>
      void (await change('DELETE', '/api/ports/rules', { prefix, ports, protocol }, undefined, options)),
    listRules: () => http.json('GET', '/api/ports/rules'),
  };
}

export function configApi(http: Transport): ConfigAPI {
  const change = changing(http);
  return {
    get: () => http.json('GET', '/api/config'),
    validate: (yaml) => http.json('POST', '/api/config/validate', {}, { yaml }),
    replace: (yaml, { etag, ...options } = {}) =>
      http.json(
        'PUT',
        '/api/config',
        {},
        { yaml },
        {
          ...toChangeHeaders(options),
          ...(etag === undefined ? {} : { 'if-match': etag }),
        },
      ),
    set: (values, options) => change('PATCH', '/api/config', {}, values, options),
    reload: (options) => change('POST', '/api/config/reload', {}, {}, options),
    pending: async () => (await http.json<{ pending: PendingConfirm | null }>('GET', '/api/config/pending')).pending,
    confirm: async () => void (await http.json('POST', '/api/config/confirm', {}, {})),
    rollback: () => http.json('POST', '/api/config/rollback', {}, {}),
    syncToConfig: (options) => change('POST', '/api/sync/to-config', {}, {}, options),
    syncToMap: () => http.json('POST', '/api/sync/to-map', {}, {}),
  };
}
