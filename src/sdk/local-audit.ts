import type { AuditEntry, AuditRoute } from '../model/audit.ts';
import { auditInput } from '../model/audit-input.ts';
import { NetxfwError } from '../model/errors.ts';
import type { Netxfw } from './types.ts';

type Nouns = Omit<Netxfw, 'close' | typeof Symbol.asyncDispose>;
type Arguments<N extends keyof Nouns, M extends keyof Nouns[N]> = Nouns[N][M] extends (...args: infer A) => unknown
  ? A
  : never;

/** What a change is called in the audit log, and what of its arguments stands there. */
type Told<A extends readonly unknown[]> = readonly [route: AuditRoute, input: (...args: A) => unknown];
type Table = { readonly [N in keyof Nouns]?: { readonly [M in keyof Nouns[N]]?: Told<Arguments<N, M>> } };

const nothing = () => undefined;

const CHANGES: Table = {
  rules: {
    add: ['POST /api/rules', (rule) => rule],
    addMany: ['POST /api/rules', (rules) => rules],
    remove: ['DELETE /api/rules', (prefix, list) => ({ prefix, list })],
    removeMany: ['POST /api/rules/remove', (selection) => selection],
    clear: ['POST /api/rules/clear', (list) => ({ list })],
    import: ['POST /api/rules/import', ({ data: _, onProgress: __, options: ___, ...rest }) => rest],
    replaceSource: ['PUT /api/rules/source', ({ data: _, options: __, ...rest }) => rest],
    updateSource: ['PATCH /api/rules/source', (update) => update],
  },
  dynamic: {
    add: ['POST /api/dynamic', (input) => input],
    remove: ['DELETE /api/dynamic', (prefix) => ({ prefix })],
    clear: ['POST /api/dynamic/clear', nothing],
  },
  limits: {
    add: ['POST /api/limits', (input) => input],
    remove: ['DELETE /api/limits', (prefix) => ({ prefix })],
  },
  ports: {
    open: ['POST /api/ports', (spec) => ({ spec })],
    close: ['DELETE /api/ports', (spec) => ({ spec })],
    edit: ['PATCH /api/ports', (edit) => edit],
    addRule: ['POST /api/ports/rules', (input) => input],
    removeRule: ['DELETE /api/ports/rules', (prefix, ports, protocol) => ({ prefix, ports, protocol })],
  },
  config: {
    replace: ['PUT /api/config', (yaml) => ({ yaml })],
    set: ['PATCH /api/config', (values) => values],
    reload: ['POST /api/config/reload', nothing],
    confirm: ['POST /api/config/confirm', nothing],
    rollback: ['POST /api/config/rollback', nothing],
    syncToConfig: ['POST /api/sync/to-config', nothing],
    syncToMap: ['POST /api/sync/to-map', nothing],
  },
  conns: { flush: ['POST /api/conntrack/flush', (filter) => filter] },
  stats: { reset: ['POST /api/stats/reset', nothing] },
  perf: { reset: ['POST /api/perf/reset', nothing] },
  system: { reset: ['POST /api/system/reset', nothing] },
  plugins: {
    load: ['POST /api/plugins', (file, slot) => ({ file, slot })],
    remove: ['DELETE /api/plugins', (slot) => ({ slot })],
  },
  tokens: {
    create: ['POST /api/tokens', (input) => input],
    remove: ['DELETE /api/tokens', (name) => ({ name })],
  },
};

/** The same Netxfw, which tells of every change that is made through it: for callers that no API stands before. */
export function audited(netxfw: Netxfw, who: string, tell: (entry: AuditEntry) => void): Netxfw {
  const told = Object.entries(CHANGES).map(([name, methods]) => {
    const noun = netxfw[name as keyof Nouns] as unknown as Record<string, Method>;
    const wrapped = Object.entries(methods).map(([method, [route, input]]) => {
      const run = noun[method]!.bind(noun);
      return [method, telling(run, route, input as Method, who, tell)];
    });
    return [name, { ...noun, ...Object.fromEntries(wrapped) }];
  });
  return { ...netxfw, ...Object.fromEntries(told) };
}

type Method = (...args: unknown[]) => unknown;

function telling(run: Method, route: string, input: Method, user: string, tell: (entry: AuditEntry) => void): Method {
  return async (...args) => {
    const [request] = args as [{ readonly preview?: boolean } | undefined];
    const origin = originIn(args);
    const begun = performance.now();
    const done = (outcome: AuditEntry['outcome']) => {
      if (typeof request === 'object' && request?.preview) return;
      tell({
        who: origin === undefined ? user : `${user} ${origin}`,
        via: 'command',
        from: null,
        route,
        target: route.slice(route.indexOf(' ') + 1),
        input: auditInput(input(...args)),
        outcome,
        milliseconds: Math.round(performance.now() - begun),
      });
    };
    try {
      const value = await run(...args);
      done('ok');
      return value;
    } catch (error) {
      done(NetxfwError.from(error).code);
      throw error;
    }
  };
}

/** What the options of the change say; they come last, or within the request. */
function originIn(args: readonly unknown[]): string | undefined {
  const last = (args.at(-1) ?? {}) as { readonly origin?: unknown; readonly options?: { readonly origin?: unknown } };
  const origin = last.origin ?? last.options?.origin;
  return typeof origin === 'string' ? origin : undefined;
}
