import { type BpfMap, RingBuffer, XDP_ACTION } from '../ebpf/index.ts';
import { prefixFromBytes } from '../model/prefixes.ts';
import { reasonName } from '../model/reasons.ts';
import { eventCodec } from './layout.ts';
import type { VerdictRecord } from './policy-plane.ts';

const { fields: FIELD, size: SIZE } = eventCodec;
const NO_DATA = new Uint8Array(0);

/** Turns records of the ring buffer into verdicts. */
export class VerdictDecoder {
  /** Unix milliseconds minus CLOCK_MONOTONIC. */
  readonly #wallOffset: () => number;

  /** @param wallOffset asked for every record, so that steps of the wall clock are followed */
  constructor(wallOffset: () => number = systemOffset) {
    this.#wallOffset = wallOffset;
  }

  /** @returns undefined for a record that this version does not know */
  decode(record: Uint8Array): VerdictRecord | undefined {
    if (record.length < SIZE) return undefined;
    const view = new DataView(record.buffer, record.byteOffset, SIZE);
    const reason = reasonName(FIELD.reason.get(view, FIELD.reason.offset));
    const family = FIELD.family.get(view, FIELD.family.offset);
    if (reason === undefined || (family !== 0 && family !== 4 && family !== 6)) return undefined;
    const captured = Math.min(FIELD.captured.get(view, FIELD.captured.offset), FIELD.data.size);
    const data = FIELD.data.offset;
    return {
      at: Math.round(FIELD.timeNs.get(view, FIELD.timeNs.offset) / 1e6 + this.#wallOffset()),
      verdict: FIELD.verdict.get(view, FIELD.verdict.offset) === XDP_ACTION.PASS ? 'pass' : 'drop',
      reason,
      monitored: FIELD.monitor.get(view, FIELD.monitor.offset) !== 0,
      ifindex: FIELD.ifindex.get(view, FIELD.ifindex.offset),
      ethertype: FIELD.ethertype.get(view, FIELD.ethertype.offset),
      vlan: FIELD.vlan.get(view, FIELD.vlan.offset),
      family,
      source: prefixFromBytes(record.subarray(FIELD.src.offset, FIELD.src.offset + FIELD.src.size)),
      destination: prefixFromBytes(record.subarray(FIELD.dst.offset, FIELD.dst.offset + FIELD.dst.size)),
      protocol: FIELD.proto.get(view, FIELD.proto.offset),
      sourcePort: FIELD.srcPort.get(view, FIELD.srcPort.offset),
      destinationPort: FIELD.dstPort.get(view, FIELD.dstPort.offset),
      tcpFlags: FIELD.tcpFlags.get(view, FIELD.tcpFlags.offset),
      icmpType: FIELD.icmpType.get(view, FIELD.icmpType.offset),
      length: FIELD.length.get(view, FIELD.length.offset),
      data: captured === 0 ? NO_DATA : record.slice(data, data + captured),
    };
  }
}

/**
 * Between two looks into the ring while records come, milliseconds. The kernel would tell of each record that comes after the last
 * was read, which makes a thousand wake-ups a second of a flood; looks at a pace make twenty. Where nothing comes, none.
 */
const PACE = 50;
/** Records of one look; what is left comes with the next, so that a flood cannot starve the rest. */
const LOOK = 4096;

/**
 * Delivers verdicts from the event loop until disposed; does not keep the process alive. One reader per ring.
 * @param ring is taken over
 */
export function readVerdicts(ring: BpfMap, listener: (verdict: VerdictRecord) => void): Disposable {
  const reader = new RingBuffer(ring);
  const decoder = new VerdictDecoder();
  const take = (record: Uint8Array): void => {
    const verdict = decoder.decode(record);
    if (verdict !== undefined) listener(verdict);
  };
  let timer: NodeJS.Timeout | undefined;
  let closed = false;
  const look = (): void => {
    // A listener that throws has taken one record and ends the look.
    let count = 1;
    try {
      count = reader.consume(take, LOOK);
    } finally {
      if (!closed && count === 0) reader.whenReady(look);
      else if (!closed) timer = setTimeout(look, count === LOOK ? 0 : PACE).unref();
    }
  };
  reader.whenReady(look);
  return {
    [Symbol.dispose]() {
      closed = true;
      clearTimeout(timer);
      reader[Symbol.dispose]();
      ring[Symbol.dispose]();
    },
  };
}

const systemOffset = (): number => Date.now() - Number(process.hrtime.bigint()) / 1e6;
