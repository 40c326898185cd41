import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { NetxfwError } from '../model/errors.ts';
import { say } from '../model/messages.ts';
import { type NewToken, TOKEN_ROLES, type TokenInfo, type TokenInput } from '../model/tokens.ts';
import type { StoredToken, TokenStore } from '../store/tokens-file.ts';

/** Tells secrets of netxfw from others, for people and for scanners of leaked secrets. */
const PREFIX = 'nxfw_';
/** 256 bits: as long as that, guessing is hopeless, and one round of SHA-256 is enough to keep it. */
const SECRET_BYTES = 32;
const NAME = /^[A-Za-z0-9._-]{1,64}$/;
/** Each is compared at every request. */
const MAX_TOKENS = 1000;

/** The tokens of an instance: made, listed, removed, and asked whose a secret is. */
export class Tokens {
  readonly #store: TokenStore;
  readonly #now: () => number;
  readonly #listeners = new Set<() => void>();
  #tokens: readonly StoredToken[] = [];
  #problem: NetxfwError | null = null;

  /** @param now Unix milliseconds */
  constructor(store: TokenStore, now: () => number = Date.now) {
    this.#store = store;
    this.#now = now;
    this.#load();
  }

  /** Why the stored tokens cannot be used; null when they can. Until it is solved nobody gets in by token. */
  get problem(): NetxfwError | null {
    return this.#problem;
  }

  /** @throws NetxfwError INVALID_INPUT, CONFLICT, STORE_DAMAGED, STORE_WRITE_FAILED */
  create({ name, role }: TokenInput): NewToken {
    if (!NAME.test(name)) {
      throw new NetxfwError('INVALID_INPUT', say('refused.tokenName', { name: JSON.stringify(name).slice(1, -1) }), {
        hint: say('refused.tokenName.do'),
      });
    }
    if (!TOKEN_ROLES.includes(role)) {
      throw new NetxfwError('INVALID_INPUT', `${JSON.stringify(role)} is no role of a token`, {
        hint: `Use ${TOKEN_ROLES.join(' or ')}.`,
      });
    }
    const tokens = this.#usable();
    if (tokens.some((token) => token.name === name)) {
      throw new NetxfwError('CONFLICT', say('refused.tokenTaken', { name }), {
        hint: say('refused.tokenTaken.do'),
      });
    }
    if (tokens.length >= MAX_TOKENS) {
      throw new NetxfwError('CONFLICT', `there are ${MAX_TOKENS} tokens already`, { hint: 'Remove one first.' });
    }
    const token = PREFIX + randomBytes(SECRET_BYTES).toString('base64url');
    const info: TokenInfo = { name, role, createdAt: new Date(this.#now()).toISOString() };
    this.#save([...tokens, { ...info, hash: digest(token).toString('hex') }]);
    return { ...info, token };
  }

  list(): readonly TokenInfo[] {
    return this.#usable().map(({ name, role, createdAt }) => ({ name, role, createdAt }));
  }

  /** @throws NetxfwError NOT_FOUND, STORE_DAMAGED, STORE_WRITE_FAILED */
  remove(name: string): void {
    const left = this.#usable().filter((token) => token.name !== name);
    if (left.length === this.#tokens.length) {
      throw new NetxfwError('NOT_FOUND', `there is no token ${JSON.stringify(name)}`, {
        hint: 'List them with `netxfw token list`.',
      });
    }
    this.#save(left);
  }

  /** Whose secret it is, null when nobody's. It takes the same time for every secret that is wrong. */
  verify(secret: string): TokenInfo | null {
    const given = digest(secret);
    let found: StoredToken | null = null;
    for (const token of this.#tokens) {
      if (timingSafeEqual(given, Buffer.from(token.hash, 'hex'))) found = token;
    }
    if (found === null) return null;
    const { name, role, createdAt } = found;
    return { name, role, createdAt };
  }

  /** Whether a token that was verified earlier still exists. */
  has({ name, createdAt }: TokenInfo): boolean {
    return this.#tokens.some((token) => token.name === name && token.createdAt === createdAt);
  }

  get count(): number {
    return this.#tokens.length;
  }

  /** @returns the function that ends the subscription */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #usable(): readonly StoredToken[] {
    // The file may have been repaired or removed since.
    if (this.#problem !== null) this.#load();
    if (this.#problem !== null) throw this.#problem;
    return this.#tokens;
  }

  #load(): void {
    try {
      this.#tokens = this.#store.load();
      this.#problem = null;
    } catch (error) {
      this.#problem = NetxfwError.from(error);
    }
  }

  #save(tokens: readonly StoredToken[]): void {
    this.#store.save(tokens);
    this.#tokens = tokens;
    for (const listener of this.#listeners) listener();
  }
}

function digest(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}
