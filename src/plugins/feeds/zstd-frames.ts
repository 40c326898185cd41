/** Frames need memory as their heads demand; what the format has every decoder support (RFC 8878, 3.1.1.1.2). */
const MAX_WINDOW = 8 * 2 ** 20;
const MAGIC = 0xfd2fb528;
const SKIPPABLE = 0x184d2a50;

/** So many bytes, which are looked at or passed over. */
interface Step {
  readonly bytes: number;
  readonly look: boolean;
}

/**
 * Follows the frames of packed data before they are unpacked, so that no head can ask for more memory than a list is worth.
 */
export class ZstdFrames {
  readonly #walk = frames();
  #step: Step = this.#walk.next(0).value;
  #left = this.#step.bytes;
  #value = 0;

  /** @throws Error when a frame wants more memory than it may have, or is none */
  follow(chunk: Uint8Array): void {
    for (let at = 0; at < chunk.length; ) {
      const taken = Math.min(this.#left, chunk.length - at);
      if (this.#step.look) this.#read(chunk.subarray(at, at + taken));
      at += taken;
      this.#left -= taken;
      while (this.#left === 0) this.#next();
    }
  }

  #read(bytes: Uint8Array): void {
    const from = this.#step.bytes - this.#left;
    bytes.forEach((byte, i) => {
      this.#value += byte * 2 ** (8 * (from + i));
    });
  }

  #next(): void {
    this.#step = this.#walk.next(this.#value).value;
    this.#left = this.#step.bytes;
    this.#value = 0;
  }
}

const look = (bytes: number): Step => ({ bytes, look: true });
const pass = (bytes: number): Step => ({ bytes, look: false });

/** The grammar of RFC 8878, section 3.1; each step is answered with the bytes as a little-endian number. */
function* frames(): Generator<Step, never, number> {
  for (;;) {
    const magic = yield look(4);
    if ((magic & 0xfffffff0) >>> 0 === SKIPPABLE) {
      yield pass(yield look(4));
      continue;
    }
    if (magic !== MAGIC) throw new Error('it is no zstd frame');
    const flags = yield look(1);
    const single = (flags & 0x20) !== 0;
    let window = single ? 0 : windowOf(yield look(1));
    yield pass([0, 1, 2, 4][flags & 3]!);
    const sizeBytes = flags >> 6 === 0 ? Number(single) : 2 ** (flags >> 6);
    const size = yield look(sizeBytes);
    if (single) window = size;
    if (window > MAX_WINDOW) throw new Error(`it wants ${Math.ceil(window / 2 ** 20)} MiB of memory`);
    let block: number;
    do {
      block = yield look(3);
      const bytes = Math.floor(block / 8);
      yield pass(((block >> 1) & 3) === 1 ? 1 : bytes);
    } while ((block & 1) === 0);
    yield pass((flags & 4) === 0 ? 0 : 4);
  }
}

function windowOf(descriptor: number): number {
  const base = 2 ** (10 + (descriptor >> 3));
  return base + (base / 8) * (descriptor & 7);
}
