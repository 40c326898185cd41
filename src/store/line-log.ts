import { directoryOf, type Files, writeAll } from './files.ts';

const ONLY_OWNER = 0o600;
const LINE_FEED = 10;

/**
 * Lines that are only ever added, in a file that becomes `.1` when it is full, so that both together stay bounded. Whatever
 * a crash has left half written at the end is cut off. One process at a time may write.
 */
export class LineLog {
  readonly #files: Files;
  readonly #path: string;
  readonly #most: number;
  #fd: number | null = null;
  /** Bytes of whole lines. */
  #length = 0;
  /** There may be more than those. */
  #dirty = false;

  /** @param most bytes of one file, of which there are two */
  constructor(files: Files, path: string, most: number) {
    this.#files = files;
    this.#path = path;
    this.#most = most;
  }

  /** Throws what the system says; the lines that were there stay. */
  append(line: string): void {
    const bytes = Buffer.from(`${line}\n`);
    this.#fd ??= this.#open();
    if (this.#length > 0 && this.#length + bytes.length > this.#most) this.#rotate();
    if (this.#dirty) this.#files.truncate(this.#fd, this.#length);
    this.#dirty = true;
    writeAll(this.#files, this.#fd, bytes, this.#length);
    this.#dirty = false;
    this.#length += bytes.length;
  }

  /** The last line first. */
  *backwards(): Generator<string> {
    for (const path of [this.#path, this.#older]) {
      const bytes = this.#files.read(path);
      if (bytes !== null) yield* linesBackwards(bytes);
    }
  }

  close(): void {
    if (this.#fd === null) return;
    const fd = this.#fd;
    this.#fd = null;
    this.#files.close(fd);
  }

  get #older(): string {
    return `${this.#path}.1`;
  }

  #open(): number {
    const bytes = this.#files.read(this.#path);
    if (bytes === null) return this.#create();
    this.#length = bytes.lastIndexOf(LINE_FEED) + 1;
    this.#dirty = this.#length < bytes.length;
    return this.#files.open(this.#path);
  }

  #create(): number {
    this.#files.makeDirectory(directoryOf(this.#path), 0o700);
    this.#length = 0;
    this.#dirty = false;
    return this.#files.create(this.#path, ONLY_OWNER);
  }

  #rotate(): void {
    this.close();
    this.#files.rename(this.#path, this.#older);
    this.#fd = this.#create();
  }
}

function* linesBackwards(bytes: Buffer): Generator<string> {
  let end = bytes.lastIndexOf(LINE_FEED);
  while (end > 0) {
    const start = bytes.lastIndexOf(LINE_FEED, end - 1) + 1;
    yield bytes.toString('utf8', start, end);
    end = start - 1;
  }
}
