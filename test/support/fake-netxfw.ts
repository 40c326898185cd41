import type { Netxfw } from '../../src/sdk/types.ts';

type Nouns = Omit<Netxfw, 'close' | typeof Symbol.asyncDispose>;

export type Fakes = { readonly [N in keyof Nouns]?: Partial<Nouns[N]> };

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
  const fake = <N extends keyof Nouns>(name: N): Nouns[N] => noun<Nouns[N]>(name, (fakes[name] ?? {}) as never);
  return {
    rules: fake('rules'),
    dynamic: fake('dynamic'),
    stats: fake('stats'),
    system: fake('system'),
    limits: fake('limits'),
    ports: fake('ports'),
    config: fake('config'),
    conns: fake('conns'),
    events: fake('events'),
    explain: fake('explain'),
    plugins: fake('plugins'),
    extensions: fake('extensions'),
    perf: fake('perf'),
    health: fake('health'),
    tokens: fake('tokens'),
    close: async () => {},
    [Symbol.asyncDispose]: async () => {},
  };
}
