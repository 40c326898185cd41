import { TOKEN_ROLES, type TokenInfo } from '../model/tokens.ts';
import { type Files, nodeFiles } from './files.ts';
import { SealedFile } from './sealed-file.ts';

/** A token as it is kept: the secret itself is nowhere. */
export interface StoredToken extends TokenInfo {
  /** SHA-256 of the secret, hexadecimal. */
  readonly hash: string;
}

/** Where tokens are kept. */
export interface TokenStore {
  /** @throws NetxfwError STORE_DAMAGED, FILE_UNREADABLE */
  load(): readonly StoredToken[];
  /** All of them, durably. @throws NetxfwError STORE_WRITE_FAILED; the old ones stay then */
  save(tokens: readonly StoredToken[]): void;
}

/** tokens.json in the state directory. */
export class TokensFile implements TokenStore {
  readonly #file: SealedFile<readonly StoredToken[]>;

  constructor(path: string, files: Files = nodeFiles) {
    this.#file = new SealedFile(path, files, {
      format: 'netxfw-tokens',
      version: 2,
      unsealed: [1],
      remedy: () => 'Restore it from a backup, or remove it and create new tokens with `netxfw token create`.',
      encode: (tokens) => ({ tokens }),
      decode: ({ tokens }) => tokensOf(tokens),
    });
  }

  load(): readonly StoredToken[] {
    return this.#file.load() ?? [];
  }

  save(tokens: readonly StoredToken[]): void {
    this.#file.save(tokens);
  }
}

function tokensOf(tokens: unknown): readonly StoredToken[] {
  if (!Array.isArray(tokens)) throw new Error('it has no list of tokens');
  const wrong = tokens.findIndex((token) => !isToken(token));
  if (wrong !== -1) throw new Error(`token ${wrong + 1} is incomplete`);
  return tokens;
}

function isToken(value: unknown): value is StoredToken {
  const { name, role, createdAt, hash } = (value ?? {}) as Partial<Record<keyof StoredToken, unknown>>;
  return (
    typeof name === 'string' &&
    TOKEN_ROLES.some((known) => known === role) &&
    typeof createdAt === 'string' &&
    !Number.isNaN(Date.parse(createdAt)) &&
    typeof hash === 'string' &&
    /^[0-9a-f]{64}$/.test(hash)
  );
}
