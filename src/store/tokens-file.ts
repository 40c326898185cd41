import { NetxfwError } from '../model/errors.ts';
import { TOKEN_ROLES, type TokenInfo } from '../model/tokens.ts';
import { writeFileAtomically } from './atomic-file.ts';
import { damaged } from './damage.ts';
import { directoryOf, type Files, nodeFiles } from './files.ts';

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

const VERSION = 1;
const ONLY_OWNER = 0o600;

/** tokens.json in the state directory. */
export class TokensFile implements TokenStore {
  readonly #path: string;
  readonly #files: Files;

  constructor(path: string, files: Files = nodeFiles) {
    this.#path = path;
    this.#files = files;
  }

  load(): readonly StoredToken[] {
    const bytes = this.#read();
    if (bytes === null) return [];
    const tokens = parse(bytes.toString('utf8'));
    if (typeof tokens !== 'string') return tokens;
    throw damaged(
      this.#files,
      this.#path,
      bytes,
      tokens,
      `Restore it from a backup, or remove it and create new tokens with \`netxfw token create\`.`,
    );
  }

  save(tokens: readonly StoredToken[]): void {
    try {
      this.#files.makeDirectory(directoryOf(this.#path), 0o700);
      const text = `${JSON.stringify({ version: VERSION, tokens }, null, 2)}\n`;
      writeFileAtomically(this.#files, this.#path, text, { mode: ONLY_OWNER });
    } catch (error) {
      throw new NetxfwError('STORE_WRITE_FAILED', `${this.#path} cannot be written: ${(error as Error).message}`, {
        cause: error,
      });
    }
  }

  #read(): Buffer | null {
    try {
      return this.#files.read(this.#path);
    } catch (error) {
      throw new NetxfwError('FILE_UNREADABLE', `${this.#path} cannot be read: ${(error as Error).message}`, {
        cause: error,
      });
    }
  }
}

/** @returns the tokens, or what is wrong with the text */
function parse(text: string): readonly StoredToken[] | string {
  let document: { readonly version?: unknown; readonly tokens?: unknown } | null;
  try {
    document = JSON.parse(text);
  } catch (error) {
    return `it is no JSON (${(error as Error).message})`;
  }
  if (document?.version !== VERSION) return `its version is ${JSON.stringify(document?.version)}, not ${VERSION}`;
  if (!Array.isArray(document.tokens)) return 'it has no list of tokens';
  const wrong = document.tokens.findIndex((token) => !isToken(token));
  return wrong === -1 ? (document.tokens as StoredToken[]) : `token ${wrong + 1} is incomplete`;
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
