import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BpfMap, BpfObject, MAP_TYPE, type ProgramRunner, RingBuffer } from '../../src/ebpf/index.ts';
import { compileFixtures } from './fixtures.ts';
import { failOnLeaks } from './leaks.ts';

const fixtures = compileFixtures('basic');
afterAll(() => fixtures[Symbol.dispose]());
failOnLeaks();

const DISCARDED = 0xff;
/** struct sample of the fixture, rounded up, with its header: 40 bytes of 65,536. */
const CAPACITY = Math.floor(65_536 / 40);

let close: () => void;
let events: BpfMap;
let runner: ProgramRunner;

beforeEach(() => {
  const object = BpfObject.open(fixtures.object('basic'));
  object.load();
  events = object.map('events').open();
  const program = object.program('report').open();
  runner = program.runner();
  close = () => {
    for (const handle of [program, events, object]) handle[Symbol.dispose]();
  };
});
afterEach(() => close());

function send(kind: number, length = 60): void {
  runner.input[0] = kind;
  runner.runInput(length);
}

/** kind and length of struct sample */
const decode = (record: Uint8Array): [number, number] => [
  record[0]!,
  new DataView(record.buffer, record.byteOffset).getUint32(4, true),
];

const turn = (milliseconds = 0) => new Promise((resolve) => setTimeout(resolve, milliseconds));

async function until(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!condition() && Date.now() < deadline) await turn(5);
  expect(condition()).toBe(true);
}

describe('consume', () => {
  it('delivers records in order, without the discarded ones', () => {
    using reader = new RingBuffer(events);
    for (const kind of [1, 2, DISCARDED, 3]) send(kind, 60 + (kind % 10));
    const seen: [number, number][] = [];
    expect(reader.consume((record) => seen.push(decode(record)))).toBe(3);
    expect(seen).toEqual([
      [1, 61],
      [2, 62],
      [3, 63],
    ]);
    expect(reader.consume(() => expect.unreachable())).toBe(0);
  });

  it('stops at its limit and goes on from there', () => {
    using reader = new RingBuffer(events);
    for (let i = 0; i < 10; i++) send(i);
    const seen: number[] = [];
    expect(reader.consume((record) => seen.push(record[0]!), 4)).toBe(4);
    expect(reader.consume((record) => seen.push(record[0]!))).toBe(6);
    expect(seen).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it('frees what was read, so that the buffer goes round many times, also for a second reader', () => {
    let seen = 0;
    for (let round = 0; round < 30; round++) {
      using reader = new RingBuffer(events);
      for (let i = 0; i < 1000; i++) send(i % 200, 14 + round);
      reader.consume((record) => {
        expect(decode(record)).toEqual([(seen % 1000) % 200, 14 + round]);
        seen++;
      });
    }
    expect(seen).toBe(30_000);
  });

  it('loses only what the kernel had no room for', () => {
    using reader = new RingBuffer(events);
    for (let i = 0; i < CAPACITY + 500; i++) send(1);
    const first = reader.consume(() => undefined);
    expect(first).toBeGreaterThan(CAPACITY - 2);
    expect(first).toBeLessThanOrEqual(CAPACITY);
    send(2);
    expect(reader.consume(() => undefined)).toBe(1);
  });

  it('counts a record as read when its function throws', () => {
    using reader = new RingBuffer(events);
    send(1);
    send(2);
    expect(() =>
      reader.consume(() => {
        throw new Error('bad record');
      }),
    ).toThrow('bad record');
    const rest: number[] = [];
    reader.consume((record) => rest.push(record[0]!));
    expect(rest).toEqual([2]);
  });

  it('throws after disposal; the reader refuses a map of another type', () => {
    const reader = new RingBuffer(events);
    reader[Symbol.dispose]();
    expect(() => reader.consume(() => undefined)).toThrow('closed');
    using hash = BpfMap.create({ type: MAP_TYPE.HASH, keySize: 4, valueSize: 4, maxEntries: 1 });
    expect(() => new RingBuffer(hash)).toThrow('not a ring buffer');
  });
});

describe('whenReady', () => {
  it('calls once for records that wait, and once for those that come', async () => {
    using reader = new RingBuffer(events);
    let calls = 0;
    const ready = () => calls++;
    send(1);
    reader.whenReady(ready);
    await until(() => calls === 1);
    send(2);
    await turn(30);
    expect(calls).toBe(1);
    expect(reader.consume(() => undefined)).toBe(2);
    reader.whenReady(ready);
    await turn(30);
    expect(calls).toBe(1);
    send(3);
    await until(() => calls === 2);
  });

  it('calls nobody after stop, nor after the reader is gone', async () => {
    const reader = new RingBuffer(events);
    let calls = 0;
    reader.whenReady(() => calls++);
    reader.stop();
    send(1);
    await turn(30);
    reader.whenReady(() => calls++);
    reader[Symbol.dispose]();
    await turn(30);
    expect(calls).toBe(0);
  });
});
