import { STATS_ENTRIES } from '../../src/dataplane/layout.ts';
import type { BpfMap } from '../../src/ebpf/index.ts';
import { REASON_MAX, REASONS, type ReasonName, reasonName } from '../../src/model/reasons.ts';

export interface Counted {
  readonly reason: ReasonName;
  /** A drop that monitor mode let pass. */
  readonly monitored: boolean;
}

/** The counters of the program by reason, as they advance from packet to packet. */
export class Counts {
  readonly #map: BpfMap;
  readonly #value: Uint8Array;
  readonly #words: BigUint64Array;
  readonly #key = new Uint32Array(1);
  readonly #keyBytes = new Uint8Array(this.#key.buffer);
  readonly #packets: bigint[] = [];
  readonly #bytes: bigint[] = [];

  constructor(map: BpfMap) {
    this.#map = map;
    this.#value = new Uint8Array(map.lookupSize);
    this.#words = new BigUint64Array(this.#value.buffer);
    for (let at = 0; at < STATS_ENTRIES; at++) this.#keep(at);
  }

  /**
   * The one reason whose counters moved: by one packet, and by the frame's bytes. With a guess that is right, the others
   * are looked at in `check` only.
   * @throws Error when it is not exactly one
   */
  advanced(length: number, guess?: ReasonName): Counted {
    if (guess !== undefined) {
      const at = REASONS[guess];
      const { packets, bytes } = this.#moved(at);
      if (packets === 1n && bytes === BigInt(length)) {
        this.#keep(at);
        return { reason: guess, monitored: false };
      }
    }
    const moved = this.#allMoved();
    const [at] = moved;
    if (at === undefined) throw new Error('the packet was not counted');
    const { packets, bytes } = this.#moved(at);
    const reason = reasonName(at % REASON_MAX);
    if (moved.length > 1 || packets !== 1n || bytes !== BigInt(length) || reason === undefined) {
      throw new Error(`${packets} packets and ${bytes} bytes were counted at ${moved.join(' and ')}`);
    }
    this.#keep(at);
    return { reason, monitored: at >= REASON_MAX };
  }

  /** @throws Error when more was counted than `advanced` has seen */
  check(): void {
    const moved = this.#allMoved();
    if (moved.length > 0) throw new Error(`something was counted besides the packets: ${moved.join(', ')}`);
  }

  #allMoved(): number[] {
    const moved: number[] = [];
    for (let at = 0; at < STATS_ENTRIES; at++) {
      const { packets, bytes } = this.#moved(at);
      if (packets !== 0n || bytes !== 0n) moved.push(at);
    }
    return moved;
  }

  #moved(at: number): { readonly packets: bigint; readonly bytes: bigint } {
    const { packets, bytes } = this.#read(at);
    return { packets: packets - this.#packets[at]!, bytes: bytes - this.#bytes[at]! };
  }

  #keep(at: number): void {
    const { packets, bytes } = this.#read(at);
    this.#packets[at] = packets;
    this.#bytes[at] = bytes;
  }

  /** The sum over all CPUs. */
  #read(at: number): { readonly packets: bigint; readonly bytes: bigint } {
    this.#key[0] = at;
    this.#map.lookupInto(this.#keyBytes, this.#value);
    let packets = 0n;
    let bytes = 0n;
    for (let i = 0; i < this.#words.length; i += 2) {
      packets += this.#words[i]!;
      bytes += this.#words[i + 1]!;
    }
    return { packets, bytes };
  }
}
