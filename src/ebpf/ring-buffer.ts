import { BpfError } from './errors.ts';
import { libc, pollDescriptor } from './library.ts';
import type { BpfMap } from './map.ts';
import { MapMemory, PROTECTION } from './map-memory.ts';
import { MAP_TYPE } from './uapi.ts';

/** A record's header: a word of length and flags, a word of no interest to readers. */
const HEADER = 8;
const BUSY = 1 << 31;
const DISCARDED = 0x4000_0000;
const LENGTH = 0x3fff_ffff;

/** How often the kernel is told of the space that has been read. */
const RELEASE_EVERY = 256;

/** @param record is the kernel's own memory: valid until the function returns, so decode or copy it there */
export type OnRecord = (record: Uint8Array) => void;

/**
 * Reads a ring buffer map from its mapped memory (kernel 5.8; layout and order of accesses as in
 * Documentation/bpf/ringbuf.rst). A map has one reader. Works on a descriptor of the map, which must outlive it.
 */
export class RingBuffer implements Disposable {
  readonly #fd: number;
  readonly #size: number;
  readonly #consumer: MapMemory;
  readonly #producer: MapMemory;
  readonly #consumerAt: BigInt64Array;
  readonly #producerAt: BigInt64Array;
  readonly #headers: Int32Array;
  readonly #data: Uint8Array;
  #closed = false;
  #poll: { close(): void } | undefined;

  constructor(map: BpfMap) {
    const { type, maxEntries, name } = map.info;
    if (type !== MAP_TYPE.RINGBUF) {
      throw new BpfError('read', 0, { subject: name, code: 'INVALID_INPUT', reason: 'the map is not a ring buffer' });
    }
    const page = libc().getpagesize();
    this.#fd = map.fd;
    this.#size = maxEntries;
    this.#consumer = MapMemory.map(map.fd, page, 0, PROTECTION.READ_WRITE, name);
    // The kernel maps the data twice in a row, so a record that wraps around is still in one piece.
    this.#producer = MapMemory.map(map.fd, page + 2 * maxEntries, page, PROTECTION.READ, name);
    this.#consumerAt = new BigInt64Array(this.#consumer.buffer, 0, 1);
    this.#producerAt = new BigInt64Array(this.#producer.buffer, 0, 1);
    this.#headers = new Int32Array(this.#producer.buffer, page);
    this.#data = new Uint8Array(this.#producer.buffer, page);
  }

  /**
   * Delivers the records that are there now, at most `limit`, without waiting. Ends early at a record that is still
   * being written. When `onRecord` throws, that record counts as read.
   * @returns how many were delivered
   */
  consume(onRecord: OnRecord, limit = Number.POSITIVE_INFINITY): number {
    if (this.#closed) throw new BpfError('read', 0, { code: 'CLOSED', reason: 'this ring buffer reader is closed' });
    let position = Number(Atomics.load(this.#consumerAt, 0));
    let unreleased = 0;
    let delivered = 0;
    const release = () => {
      if (unreleased > 0) Atomics.store(this.#consumerAt, 0, BigInt(position));
      unreleased = 0;
    };
    try {
      for (;;) {
        // The position is told before the producer's is read: the kernel wakes a reader only when it has caught up.
        release();
        const end = Number(Atomics.load(this.#producerAt, 0));
        if (position >= end) return delivered;
        while (position < end) {
          if (delivered >= limit) return delivered;
          const offset = position % this.#size;
          const header = Atomics.load(this.#headers, offset >>> 2);
          if ((header & BUSY) !== 0) return delivered;
          const length = header & LENGTH;
          position += (length + HEADER + 7) & ~7;
          unreleased++;
          if ((header & DISCARDED) === 0) {
            delivered++;
            onRecord(this.#data.subarray(offset + HEADER, offset + HEADER + length));
          }
          if (unreleased >= RELEASE_EVERY) release();
        }
      }
    } finally {
      release();
    }
  }

  /** Calls back once, from the event loop, as soon as there are unread records. It does not keep the process alive. */
  whenReady(onReady: () => void): void {
    this.stop();
    const poll = pollDescriptor(this.#fd, () => {
      this.stop();
      onReady();
    });
    poll.unref();
    this.#poll = poll;
  }

  stop(): void {
    this.#poll?.close();
    this.#poll = undefined;
  }

  [Symbol.dispose](): void {
    this.stop();
    this.#closed = true;
    this.#consumer[Symbol.dispose]();
    this.#producer[Symbol.dispose]();
  }
}
