import type { Clock } from './clock.ts';
import { flowKeyCodec, MARK_SHIFT } from './layout.ts';

/** In units of a port. */
const KEY_SIZE = flowKeyCodec.size / 2;
const SOURCE_PORT = flowKeyCodec.fields.srcPort.offset / 2;

/**
 * port_marks: where the kernel program looks whether a flow of a local port can be in ct_map. A flow without its mark is not
 * found, so whoever writes to ct_map leaves the mark first. bpf/include/flow.h says how it is read.
 */
export class PortMarks {
  readonly #marks: Uint16Array;
  readonly #clock: Pick<Clock, 'now'>;

  /** @param memory of the map */
  constructor(memory: ArrayBuffer, clock: Pick<Clock, 'now'>) {
    this.#marks = new Uint16Array(memory);
    this.#clock = clock;
  }

  /** Leaves the marks of flows that were written just now. @param keys of ct_map, one behind the other */
  leave(keys: Uint8Array, count: number): void {
    const bytes = keys.byteOffset % 2 === 0 ? keys : keys.slice();
    const halves = new Uint16Array(bytes.buffer, bytes.byteOffset, count * KEY_SIZE);
    const time = Math.floor(this.#clock.now() / 2 ** MARK_SHIFT);
    for (let at = SOURCE_PORT; at < halves.length; at += KEY_SIZE) this.#marks[halves[at]!] = time;
  }
}
