import { NetxfwError } from '../model/errors.ts';
import { type Files, nodeFiles } from './files.ts';
import { SealedFile } from './sealed-file.ts';

/** Changes that come together are written together, milliseconds. */
const GATHER = 50;
/** JSON bytes of one value, and of all values of a plugin. */
const MAX_VALUE = 1024 * 1024;
const MAX_NAMESPACE = 16 * 1024 * 1024;

/** Namespace, key -> value. */
type Values = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** What plugins keep between runs: one JSON file, replaced as a whole. Of a damaged one a copy is kept, and it is reported. */
export class PluginValuesFile {
  /** Namespace, key -> JSON text. */
  readonly #values = new Map<string, Map<string, string>>();
  readonly #file: SealedFile<Values>;
  #writing: Promise<void> | undefined;
  /** What the operator should know about the file. */
  readonly warning: string | null;

  constructor(path: string, files: Files = nodeFiles) {
    this.#file = new SealedFile(path, files, {
      format: 'netxfw-plugin-values',
      version: 2,
      unsealed: [1],
      remedy: () => '',
      encode: (values) => ({ values }),
      decode: ({ values }) => valuesOf(values),
    });
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
      this.#file.save(values);
    });
    return this.#writing;
  }

  #load(): string | null {
    try {
      for (const [namespace, all] of Object.entries(this.#file.load() ?? {})) {
        const entries = Object.entries(all).map(([key, value]) => [key, JSON.stringify(value)] as const);
        this.#values.set(namespace, new Map(entries));
      }
      return null;
    } catch (error) {
      return `${NetxfwError.from(error).message}; plugins start without what they remembered`;
    }
  }
}

function valuesOf(values: unknown): Values {
  const isRecord = (value: unknown) => typeof value === 'object' && value !== null && !Array.isArray(value);
  if (!isRecord(values) || !Object.values(values as object).every(isRecord)) throw new Error('it has no values');
  return values as Values;
}
