import { NetxfwError } from '../model/errors.ts';
import { DEFAULT_CONFIG_FILE } from '../model/paths.ts';
import { readConfigText, writeConfigText } from './config-file.ts';
import { damaged } from './damage.ts';
import { type Files, nodeFiles } from './files.ts';
import { openText, sealText } from './sealed.ts';

/** The text of the configuration, and the text that was last in force. */
export interface ConfigSource {
  /** Its name in messages. */
  readonly file: string;
  /** Null when there is no file, and there need not be one. @throws NetxfwError CONFIG_NOT_FOUND, FILE_UNREADABLE */
  read(): string | null;
  /** As a whole; null removes it. @throws NetxfwError STORE_WRITE_FAILED */
  write(text: string | null): void;
  /** Keeps a text beside the file that was taken back. @returns where */
  setAside(text: string): string;
  /** Undefined when nobody knows, because it was never kept or is damaged. */
  readApplied(): string | null | undefined;
  /** What the operator should know about the text that was last in force. */
  readonly warning: string | null;
  /** @throws NetxfwError STORE_WRITE_FAILED */
  writeApplied(text: string | null): void;
}

/** Begins a kept text of a file that did not exist. */
const NO_FILE = '# netxfw: there was no configuration file\n';

export class ConfigFileSource implements ConfigSource {
  readonly file: string;
  warning: string | null = null;
  readonly #applied: string;
  readonly #files: Files;

  /** @param applied where the text that was last in force is kept */
  constructor(file: string, applied: string, files: Files = nodeFiles) {
    this.file = file;
    this.#applied = applied;
    this.#files = files;
  }

  read(): string | null {
    return readConfigText(this.file, this.#files, this.file === DEFAULT_CONFIG_FILE);
  }

  write(text: string | null): void {
    writeConfigText(this.file, text, this.#files);
  }

  setAside(text: string): string {
    const path = `${this.file}.rolled-back`;
    writeConfigText(path, text, this.#files);
    return path;
  }

  readApplied(): string | null | undefined {
    try {
      const bytes = this.#files.read(this.#applied);
      if (bytes === null) return undefined;
      const text = this.#opened(bytes);
      return text === NO_FILE ? null : text;
    } catch (error) {
      this.warning = NetxfwError.from(error).message;
      return undefined;
    }
  }

  #opened(bytes: Buffer): string {
    try {
      return openText(bytes);
    } catch (error) {
      throw damaged(this.#files, this.#applied, bytes, NetxfwError.from(error).message, '');
    }
  }

  writeApplied(text: string | null): void {
    if (this.readApplied() === text) return;
    try {
      writeConfigText(this.#applied, sealText(text ?? NO_FILE), this.#files, 0o600);
    } catch (error) {
      // Better nothing than a text that is no longer in force.
      this.#files.remove(this.#applied);
      throw error;
    }
  }
}
