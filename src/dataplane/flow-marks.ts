import type { Clock } from './clock.ts';
import { flowHash } from './hash.ts';
import { FLOW_MARK_SHIFT, FLOW_MARKS, flowKeyCodec } from './layout.ts';

const KEY_WORDS = flowKeyCodec.size / 4;
/** Where destination and ports stand in a key, in units of their own size. */
const DESTINATION = flowKeyCodec.fields.dst.offset / 4;
const { srcPort, dstPort, proto } = flowKeyCodec.fields;

/**
 * flow_marks and port_marks: where the kernel program looks whether a flow can be in ct_map. A flow without its mark is not found, so whoever
 * writes to ct_map leaves the mark first. bpf/include/flow.h says how it is read.
 */
export class FlowMarks {
  readonly #marks: Uint16Array;
  readonly #ports: Uint16Array;
  readonly #clock: Pick<Clock, 'now'>;

  /**
   * @param flows memory of flow_marks; its lines are a power of two
   * @param ports memory of port_marks
   */
  constructor(flows: ArrayBuffer, ports: ArrayBuffer, clock: Pick<Clock, 'now'>) {
    this.#marks = new Uint16Array(flows);
    this.#ports = new Uint16Array(ports);
    this.#clock = clock;
  }

  /** Leaves the marks of flows that were written just now. @param keys of ct_map, one behind the other */
  leave(keys: Uint8Array, count: number): void {
    const bytes = keys.byteOffset % 4 === 0 ? keys : keys.slice();
    const words = new Uint32Array(bytes.buffer, bytes.byteOffset, count * KEY_WORDS);
    const halves = new Uint16Array(bytes.buffer, bytes.byteOffset, count * KEY_WORDS * 2);
    const time = Math.floor(this.#clock.now() / 2 ** FLOW_MARK_SHIFT);
    for (let i = 0; i < count; i++) {
      const at = i * KEY_WORDS;
      const destination = words.subarray(at + DESTINATION, at + DESTINATION + 4);
      const from = halves[(at * 4 + srcPort.offset) / 2]!;
      const to = halves[(at * 4 + dstPort.offset) / 2]!;
      const hash = flowHash(destination, from, to, bytes[at * 4 + proto.offset]!);
      this.#ports[from] = time;
      const line = (hash >>> 5) & (this.#marks.length / FLOW_MARKS - 1);
      this.#marks[line * FLOW_MARKS + (hash & (FLOW_MARKS - 1))] = time;
    }
  }
}
