import type { StoredToken, TokenStore } from './tokens-file.ts';

/** Tokens that are gone when the process ends: the mock's. */
export class MemoryTokens implements TokenStore {
  #tokens: readonly StoredToken[] = [];

  load(): readonly StoredToken[] {
    return this.#tokens;
  }

  save(tokens: readonly StoredToken[]): void {
    this.#tokens = tokens;
  }
}
