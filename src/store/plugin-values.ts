import { NetxfwError } from '../model/errors.ts';
import { writeFileAtomically } from './atomic-file.ts';
import { directoryOf, type Files, nodeFiles } from './files.ts';

const FORMAT = 'netxfw-plugin-values';
const VERSION = 1;
/** Changes that come together are written together, milliseconds. */
const GATHER = 50;
/** JSON bytes of one value, and of all values of a plugin. */
const MAX_VALUE = 1024 * 1024;
const MAX_NAMESPACE = 16 * 1024 * 1024;

/** What plugins keep between runs: one JSON file, replaced as a whole. A damaged one is put aside and reported. */
export class PluginValuesFile {
  /** Namespace, key -> JSON text. */
  readonly #values = new Map<string, Map<string, string>>();
  readonly #path: string;
  readonly #files: Files;
  #writing: Promise<void> | undefined;
  /** What the operator should know about the file. */
  readonly warning: string | null;

  constructor(path: string, files: Files = nodeFiles) {
    this.#path = path;
    this.#files = files;
    this.warning = this.#load();
  }

  get(namespace: string, key: string): unknown {
    const text = this.#values.get(namespace)?.get(key);
    return text === undefined ? undefined : JSON.parse(text);
  }

  /** Resolves when the value is on disk. @throws NetxfwError INVALID_INPUT, STORE_WRITE_FAILED */
  set(namespace: string, key: string, value: unknown): Promise<void> {
    const text = JSON.stringify(value) ?? 'null';
    const values = this.#values.get(namespace) ?? new Map<string, string>();
    let size = text.length;
    for (const [other, kept] of values) if (other !== key) size += kept.length;
    if (text.length > MAX_VALUE || size > MAX_NAMESPACE) {
      throw new NetxfwError('INVALID_INPUT', `the value of ${JSON.stringify(key)} is too large to be kept`, {
        hint: `A value may have ${MAX_VALUE} bytes, all values of a plugin ${MAX_NAMESPACE}.`,
      });
    }
    if (values.get(key) === text && this.#writing === undefined) return Promise.resolve();
    this.#values.set(namespace, values.set(key, text));
    return this.#write();
  }

  async delete(namespace: string, key: string): Promise<boolean> {
    if (!this.#values.get(namespace)?.delete(key)) return false;
    await this.#write();
    return true;
  }

  keys(namespace: string): readonly string[] {
    return [...(this.#values.get(namespace)?.keys() ?? [])];
  }

  #write(): Promise<void> {
    this.#writing ??= new Promise((resolve) => setTimeout(resolve, GATHER)).then(() => {
      this.#writing = undefined;
      const values = Object.fromEntries(
        [...this.#values].map(([namespace, all]) => [
          namespace,
          Object.fromEntries([...all].map(([key, text]) => [key, JSON.parse(text)])),
        ]),
      );
      try {
        this.#files.makeDirectory(directoryOf(this.#path), 0o700);
        writeFileAtomically(
          this.#files,
          this.#path,
          `${JSON.stringify({ format: FORMAT, version: VERSION, values })}\n`,
        );
      } catch (error) {
        throw new NetxfwError('STORE_WRITE_FAILED', `${this.#path} cannot be written: ${(error as Error).message}`, {
          cause: error,
        });
      }
    });
    return this.#writing;
  }

  #load(): string | null {
    const bytes = this.#files.read(this.#path);
    if (bytes === null) return null;
    try {
      const { format, version, values } = JSON.parse(bytes.toString('utf8'));
      if (format !== FORMAT || version !== VERSION) throw new Error(`it is not a ${FORMAT} of version ${VERSION}`);
      for (const [namespace, all] of Object.entries(values as Record<string, Record<string, unknown>>)) {
        const entries = Object.entries(all).map(([key, value]) => [key, JSON.stringify(value)] as const);
        this.#values.set(namespace, new Map(entries));
      }
      return null;
    } catch (error) {
      const aside = `${this.#path}.damaged`;
      this.#files.rename(this.#path, aside);
      return `${this.#path} was damaged (${(error as Error).message}) and is now ${aside}; plugins start without it`;
    }
  }
}
