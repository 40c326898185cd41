import { describe, expect, it } from 'vitest';
import { Mailbox } from './mailbox.ts';

async function take<T>(box: AsyncIterable<T>, count: number): Promise<T[]> {
  const taken: T[] = [];
  for await (const item of box) if (taken.push(item) === count) break;
  return taken;
}

describe('a mailbox', () => {
  it('keeps the order', async () => {
    const box = new Mailbox<number>(10, () => {});
    for (let i = 0; i < 5; i++) box.put(i);
    expect(await take(box, 5)).toEqual([0, 1, 2, 3, 4]);
  });

  it('counts what a slow reader misses, in its place', async () => {
    const box = new Mailbox<string>(2, () => {});
    for (const item of ['a', 'b', 'c', 'd']) box.put(item);
    const reading = box[Symbol.asyncIterator]();
    const next = async () => (await reading.next()).value;
    expect([await next(), await next()]).toEqual(['a', 'b']);
    box.put('e');
    expect([await next(), await next()]).toEqual([{ lost: 2 }, 'e']);
  });

  it('tells of a loss although nothing comes after it', async () => {
    const box = new Mailbox<string>(1, () => {});
    box.put('a');
    box.put('b');
    expect(await take(box, 2)).toEqual(['a', { lost: 1 }]);
  });

  it('never holds more than it may, and one word about the loss', () => {
    const box = new Mailbox<number>(100, () => {});
    for (let i = 0; i < 100_000; i++) box.put(i);
    expect(box.waiting).toBe(100);
  });

  it('wakes a reader that waits, and ends its reading when it is closed', async () => {
    let closed = 0;
    const box = new Mailbox<string>(5, () => closed++);
    const reading = take(box, 9);
    await new Promise((resolve) => setImmediate(resolve));
    box.put('late');
    await new Promise((resolve) => setImmediate(resolve));
    box.close();
    box.close();
    box.put('too late');
    expect(await reading).toEqual(['late']);
    expect(closed).toBe(1);
  });

  it('is closed by a reader that leaves', async () => {
    let closed = 0;
    const box = new Mailbox<string>(5, () => closed++);
    box.put('a');
    await take(box, 1);
    expect(closed).toBe(1);
  });
});
