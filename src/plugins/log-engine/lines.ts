/** Bytes of a line that are looked at; the rest of a longer one is skipped. */
export const MAX_LINE = 16 * 1024;
const LF = 0x0a;

/** Cuts chunks of bytes into lines, and keeps what comes before the next end of line. */
export class LineSplitter {
  #rest: Buffer = Buffer.alloc(0);
  /** In the middle of a line that was too long. */
  #skipping = false;

  /** @returns whole lines, without their ends */
  push(chunk: Buffer): string[] {
    let data = chunk;
    if (this.#skipping) {
      const end = data.indexOf(LF);
      if (end < 0) return [];
      this.#skipping = false;
      data = data.subarray(end + 1);
    }
    if (this.#rest.length > 0) data = Buffer.concat([this.#rest, data]);
    const end = data.lastIndexOf(LF);
    const lines = end < 0 ? [] : data.toString('utf8', 0, end).split('\n');
    // Copied, because the chunk may be a view into a buffer that is used again.
    this.#rest = Buffer.from(data.subarray(end + 1));
    if (this.#rest.length > MAX_LINE) {
      lines.push(this.#rest.toString('utf8', 0, MAX_LINE));
      this.#rest = Buffer.alloc(0);
      this.#skipping = true;
    }
    return lines.map((line) => (line.length > MAX_LINE ? line.slice(0, MAX_LINE) : line));
  }

  /** What was written without an end of line. */
  flush(): string[] {
    const rest = this.#rest.toString('utf8');
    this.#rest = Buffer.alloc(0);
    this.#skipping = false;
    return rest === '' ? [] : [rest];
  }

  /** Bytes that were taken and not yet given back as lines. */
  get pending(): number {
    return this.#rest.length;
  }
}
