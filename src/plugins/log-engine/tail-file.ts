import { closeSync, fstatSync, openSync, readSync, type Stats } from 'node:fs';
import { LineSplitter } from './lines.ts';

/** How far a file has been read; survives restarts. */
export interface Position {
  readonly dev: number;
  readonly ino: number;
  readonly offset: number;
  /** The bytes before the offset, base64: they prove that the file is still the one that was read. */
  readonly before: string;
}

const CHUNK = 256 * 1024;
const GUARD = 64;

/** One open file that grows. It stays open across a rename, so nothing that is still written to it is lost. */
export class TailFile implements Disposable {
  readonly path: string;
  readonly dev: number;
  readonly ino: number;
  readonly #fd: number;
  readonly #lines = new LineSplitter();
  #offset = 0;
  /** The last bytes before the offset. */
  #before: Buffer = Buffer.alloc(0);
  #checkedAt = -1;

  /** @throws what open(2) says */
  constructor(path: string) {
    this.path = path;
    this.#fd = openSync(path, 'r');
    const { dev, ino } = fstatSync(this.#fd);
    this.dev = dev;
    this.ino = ino;
  }

  isAt({ dev, ino }: Pick<Stats, 'dev' | 'ino'>): boolean {
    return this.dev === dev && this.ino === ino;
  }

  /** Begins behind what is there already, at the end of its last whole line. */
  skipToEnd(): void {
    this.#seek(fstatSync(this.#fd).size);
  }

  /** Goes on where an earlier run stopped. @returns whether this is the file that it read */
  resume(position: Position): boolean {
    if (!this.isAt(position) || fstatSync(this.#fd).size < position.offset) return false;
    const before = Buffer.from(position.before, 'base64');
    if (!this.#bytesBefore(position.offset, before.length).equals(before)) return false;
    this.#offset = position.offset;
    this.#before = before;
    return true;
  }

  /**
   * Reads what is new, at most `budget` bytes.
   * @returns whether there may be more
   */
  read(budget: number, onLines: (lines: readonly string[]) => void): boolean {
    const { size, mtimeMs } = fstatSync(this.#fd);
    if (size < this.#offset || (mtimeMs !== this.#checkedAt && !this.#isSame())) {
      // Emptied in place; what was half a line then belongs to nothing any more.
      this.#lines.flush();
      this.#seek(0);
    }
    this.#checkedAt = mtimeMs;
    const chunk = Buffer.allocUnsafe(CHUNK);
    for (let done = 0; done < budget; ) {
      const count = readSync(this.#fd, chunk, 0, CHUNK, this.#offset);
      if (count === 0) return false;
      done += count;
      this.#offset += count;
      const tail = Buffer.concat([this.#before, chunk.subarray(Math.max(0, count - GUARD), count)]);
      this.#before = Buffer.from(tail.subarray(Math.max(0, tail.length - GUARD)));
      const lines = this.#lines.push(chunk.subarray(0, count));
      if (lines.length > 0) onLines(lines);
    }
    return true;
  }

  /** The last line of a file that nobody writes to any more, when it has no end. */
  flush(): string[] {
    return this.#lines.flush();
  }

  /** Behind the last whole line, so that the beginning of one is read again after a restart. */
  position(): Position {
    const offset = this.#offset - this.#lines.pending;
    const known = this.#before.length - this.#lines.pending;
    const before = known > 0 ? this.#before.subarray(0, known) : this.#bytesBefore(offset, Math.min(GUARD, offset));
    return { dev: this.dev, ino: this.ino, offset, before: before.toString('base64') };
  }

  [Symbol.dispose](): void {
    closeSync(this.#fd);
  }

  #seek(offset: number): void {
    this.#offset = offset;
    this.#before = this.#bytesBefore(offset, Math.min(GUARD, offset));
  }

  /** A file that was emptied and has grown beyond the offset since holds other bytes there. */
  #isSame(): boolean {
    return this.#bytesBefore(this.#offset, this.#before.length).equals(this.#before);
  }

  #bytesBefore(offset: number, count: number): Buffer {
    const bytes = Buffer.alloc(count);
    const read = readSync(this.#fd, bytes, 0, count, offset - count);
    return bytes.subarray(0, read);
  }
}
