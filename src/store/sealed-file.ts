import { NetxfwError } from '../model/errors.ts';
import { writeFileAtomically } from './atomic-file.ts';
import { damaged } from './damage.ts';
import { directoryOf, type Files } from './files.ts';
import { openJson, sealJson } from './sealed.ts';

export interface SealedFormat<T> {
  readonly format: string;
  readonly version: number;
  /** Versions that had no checksum. */
  readonly unsealed?: readonly number[];
  /** What the operator can do about a damaged file. */
  readonly remedy: (path: string) => string;
  readonly encode: (value: T) => object;
  /** @throws Error saying what is wrong */
  readonly decode: (body: Readonly<Record<string, unknown>>) => T;
}

const ONLY_OWNER = 0o600;

/** A small file that is read and written as a whole, and never taken for something that it did not say. */
export class SealedFile<T> {
  readonly path: string;
  readonly #files: Files;
  readonly #format: SealedFormat<T>;

  constructor(path: string, files: Files, format: SealedFormat<T>) {
    this.path = path;
    this.#files = files;
    this.#format = format;
  }

  /** Null when there is no file. @throws NetxfwError STORE_DAMAGED, FILE_UNREADABLE */
  load(): T | null {
    const bytes = this.#read();
    if (bytes === null) return null;
    const { decode, unsealed, remedy } = this.#format;
    try {
      return decode(openJson(bytes, this.#format, unsealed));
    } catch (error) {
      throw damaged(this.#files, this.path, bytes, NetxfwError.from(error).message, remedy(this.path));
    }
  }

  /** Durably. @throws NetxfwError STORE_WRITE_FAILED; the old content stays then */
  save(value: T): void {
    const { format, version, encode } = this.#format;
    this.#writing(() => {
      this.#files.makeDirectory(directoryOf(this.path), 0o700);
      const text = sealJson({ format, version }, encode(value));
      writeFileAtomically(this.#files, this.path, text, { mode: ONLY_OWNER });
    });
  }

  /** Durably. @throws NetxfwError STORE_WRITE_FAILED */
  remove(): void {
    this.#writing(() => {
      this.#files.remove(this.path);
      this.#files.fsyncDirectory(directoryOf(this.path));
    });
  }

  #read(): Buffer | null {
    try {
      return this.#files.read(this.path);
    } catch (error) {
      const why = NetxfwError.from(error).message;
      throw new NetxfwError('FILE_UNREADABLE', `${this.path} cannot be read: ${why}`, { cause: error });
    }
  }

  #writing(work: () => void): void {
    try {
      work();
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw new NetxfwError('STORE_WRITE_FAILED', `${this.path} could not be written: ${why}`, { cause: error });
    }
  }
}
