import type { DynamicAPI, Netxfw, RuleAPI, StatsAPI, SystemAPI, TokenAPI } from '../../src/sdk/types.ts';

export interface Fakes {
  readonly rules?: Partial<RuleAPI>;
  readonly dynamic?: Partial<DynamicAPI>;
  readonly stats?: Partial<StatsAPI>;
  readonly system?: Partial<SystemAPI>;
  readonly tokens?: Partial<TokenAPI>;
}

/** A noun that has only the given methods and says which one was missed. */
function noun<T extends object>(name: string, methods: Partial<T>): T {
  return new Proxy(methods, {
    get(target, key) {
      const method = Reflect.get(target, key);
      if (method !== undefined) return method;
      return () => Promise.reject(new Error(`${name}.${String(key)} was not expected`));
    },
  }) as T;
}

/** A Netxfw for tests of what stands before it: only the given methods work, every other call rejects. */
export function fakeNetxfw(fakes: Fakes = {}): Netxfw {
  return {
    rules: noun<RuleAPI>('rules', fakes.rules ?? {}),
    dynamic: noun<DynamicAPI>('dynamic', fakes.dynamic ?? {}),
    stats: noun<StatsAPI>('stats', fakes.stats ?? {}),
    system: noun<SystemAPI>('system', fakes.system ?? {}),
    tokens: noun<TokenAPI>('tokens', fakes.tokens ?? {}),
    close: async () => {},
    [Symbol.asyncDispose]: async () => {},
  };
}
