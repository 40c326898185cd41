import type { DataPlane, VerdictRecord } from '../dataplane/dataplane.ts';
import { NetxfwError } from '../model/errors.ts';
import type { EventFilter, EventTop, VerdictEvent } from '../model/events.ts';
import { covers, formatPrefix, parsePrefix } from '../model/prefixes.ts';
import { type Lost, Mailbox } from './mailbox.ts';
import { DropTop } from './top.ts';

/** Events that wait for one reader. */
const WAITING = 2048;
const MAX_READERS = 64;
/** How long the figures of `top` are kept going after somebody asked for them, milliseconds. */
const TOP_PATIENCE = 120_000;
/** How often interfaces are asked for, milliseconds. */
const NAMES_AGE = 1000;
/** The kernel's clock and ours may differ by this, milliseconds. */
const CLOCK_SLACK = 50;

type EventPlane = Pick<DataPlane, 'openEvents' | 'setEventCapture' | 'attachments'>;

interface Reader {
  readonly matches: (record: VerdictRecord) => boolean;
  readonly capture: boolean;
  readonly box: Mailbox<VerdictRecord>;
}

/**
 * The verdicts that the kernel reports, for any number of readers. The kernel's ring is read only while somebody listens; what it
 * holds from before is left out.
 */
export class Verdicts {
  readonly #dataplane: EventPlane;
  readonly #now: () => number;
  readonly #readers = new Set<Reader>();
  readonly #names: InterfaceNames;
  /** Told of every record while the ring is read. */
  readonly #onRecord: (record: VerdictRecord) => void;
  #top: DropTop | undefined;
  #topTimer: NodeJS.Timeout | undefined;
  #kept = false;
  #source: Disposable | undefined;
  #closed = false;

  constructor(dataplane: EventPlane, now: () => number, onRecord: (record: VerdictRecord) => void = () => {}) {
    this.#dataplane = dataplane;
    this.#now = now;
    this.#onRecord = onRecord;
    this.#names = new InterfaceNames(dataplane, now);
  }

  /**
   * Live verdicts until the signal aborts.
   * @throws NetxfwError INVALID_ADDRESS, TOO_MANY_REQUESTS, NOT_LOADED
   */
  async *follow(filter: EventFilter = {}, signal?: AbortSignal): AsyncGenerator<VerdictEvent | Lost, void, undefined> {
    if (signal?.aborted) return;
    const reader = this.#enter(filter);
    const leave = () => reader.box.close();
    signal?.addEventListener('abort', leave, { once: true });
    try {
      for await (const item of reader.box) {
        if (signal?.aborted) return;
        yield 'lost' in item ? item : toVerdictEvent(item, this.#names.of(item.ifindex), reader.capture);
      }
    } finally {
      signal?.removeEventListener('abort', leave);
      leave();
    }
  }

  /** Who and what was dropped most. The first call begins to count; calls that follow within two minutes keep it going. */
  top(): EventTop {
    this.#countTop();
    if (!this.#kept) {
      clearTimeout(this.#topTimer);
      this.#topTimer = setTimeout(() => this.#stopTop(), TOP_PATIENCE);
      this.#topTimer.unref();
    }
    return this.#top!.read(this.#now());
  }

  /** Counts for `top` from now on, so that the first question has an answer: for a process that stays. */
  keepTop(): void {
    this.#kept = true;
    clearTimeout(this.#topTimer);
    this.#countTop();
  }

  get readers(): number {
    return this.#readers.size;
  }

  close(): void {
    this.#closed = true;
    for (const { box } of [...this.#readers]) box.close();
    this.#stopTop();
  }

  #enter(filter: EventFilter): Reader {
    if (this.#closed) throw new NetxfwError('DAEMON_UNREACHABLE', 'netxfw is shutting down');
    if (this.#readers.size >= MAX_READERS) {
      throw new NetxfwError('TOO_MANY_REQUESTS', `${MAX_READERS} readers follow the verdicts already`, {
        hint: 'Close one of them.',
      });
    }
    const reader: Reader = {
      matches: matcherOf(filter),
      capture: filter.capture === true,
      box: new Mailbox(WAITING, () => this.#leave(reader)),
    };
    this.#open();
    this.#readers.add(reader);
    this.#followCapture();
    return reader;
  }

  #leave(reader: Reader): void {
    if (!this.#readers.delete(reader)) return;
    this.#followCapture();
    this.#closeIdle();
  }

  #countTop(): void {
    if (this.#top !== undefined) return;
    this.#open();
    this.#top = new DropTop(this.#now());
  }

  #stopTop(): void {
    clearTimeout(this.#topTimer);
    this.#top = undefined;
    this.#closeIdle();
  }

  #open(): void {
    if (this.#source !== undefined) return;
    // A process that died may have left it on.
    this.#dataplane.setEventCapture(false);
    const from = this.#now() - CLOCK_SLACK;
    this.#source = this.#dataplane.openEvents((record) => {
      if (record.at >= from) this.#spread(record);
    });
  }

  #closeIdle(): void {
    if (this.#readers.size > 0 || this.#top !== undefined) return;
    this.#source?.[Symbol.dispose]();
    this.#source = undefined;
  }

  #spread(record: VerdictRecord): void {
    this.#top?.add(record);
    this.#onRecord(record);
    for (const { matches, box } of this.#readers) if (matches(record)) box.put(record);
  }

  #followCapture(): void {
    this.#dataplane.setEventCapture([...this.#readers].some(({ capture }) => capture));
  }
}

/** Names by index, as they are while the filter is attached. */
class InterfaceNames {
  readonly #dataplane: Pick<DataPlane, 'attachments'>;
  readonly #now: () => number;
  #names = new Map<number, string>();
  #asked = Number.NEGATIVE_INFINITY;

  constructor(dataplane: Pick<DataPlane, 'attachments'>, now: () => number) {
    this.#dataplane = dataplane;
    this.#now = now;
  }

  of(ifindex: number): string {
    if (this.#now() - this.#asked >= NAMES_AGE) {
      this.#asked = this.#now();
      for (const one of this.#dataplane.attachments()) this.#names.set(one.ifindex, one.interface);
    }
    return this.#names.get(ifindex) ?? `if${ifindex}`;
  }
}

function matcherOf({ verdict, reason, source, port }: EventFilter): Reader['matches'] {
  const from = source === undefined ? undefined : parsePrefix(source.trim()).prefix;
  return (record) =>
    (verdict === undefined || record.verdict === verdict) &&
    (reason === undefined || record.reason === reason) &&
    (port === undefined || (hasPorts(record) && record.destinationPort === port)) &&
    (from === undefined || (record.family !== 0 && covers(from, record.source)));
}

const TCP = 6;
const UDP = 17;
const ICMP = 1;
const ICMPV6 = 58;
const hasPorts = ({ protocol }: VerdictRecord): boolean => protocol === TCP || protocol === UDP;

function toVerdictEvent(record: VerdictRecord, name: string, capture: boolean): VerdictEvent {
  const { family, protocol, data } = record;
  const ip = family !== 0;
  const ports = ip && hasPorts(record);
  const icmp = ip && protocol === (family === 4 ? ICMP : ICMPV6);
  return {
    at: new Date(record.at).toISOString(),
    verdict: record.verdict,
    reason: record.reason,
    monitored: record.monitored,
    interface: name,
    ethertype: record.ethertype,
    vlan: record.vlan === 0 ? null : record.vlan,
    source: ip ? formatPrefix(record.source) : null,
    destination: ip ? formatPrefix(record.destination) : null,
    protocol: ip ? protocol : null,
    sourcePort: ports ? record.sourcePort : null,
    destinationPort: ports ? record.destinationPort : null,
    tcpFlags: ip && protocol === TCP ? record.tcpFlags : null,
    icmpType: icmp ? record.icmpType : null,
    length: record.length,
    ...(capture && data.length > 0 ? { data: Buffer.from(data).toString('base64') } : {}),
  };
}
