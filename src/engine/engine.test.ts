import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { NetxfwError } from '../model/errors.ts';
import { openWorld, short, stateOf } from './testing/engine.ts';

const deny = (prefix: string, ttl?: number) => ({
  list: 'deny' as const,
  prefix,
  ...(ttl === undefined ? {} : { ttl }),
});

describe('a change that fails', () => {
  it('is taken back from the kernel when the disk refuses it', async () => {
    const world = await openWorld();
    const { engine, store } = world;
    await engine.addMany([deny('192.0.2.1', 60), deny('192.0.2.2'), { list: 'allow', prefix: '198.51.100.0/24' }]);
    const before = stateOf(world);
    store.refusing = true;
    const refused = { code: 'STORE_WRITE_FAILED' };
    await expect(engine.add(deny('192.0.2.3'))).rejects.toMatchObject(refused);
    await expect(engine.add({ ...deny('192.0.2.1'), reason: 'new' })).rejects.toMatchObject(refused);
    await expect(engine.remove('192.0.2.2')).rejects.toMatchObject(refused);
    const many = Array.from({ length: 3000 }, (_, i) => `10.0.${i >> 8}.${i & 255}\n`).join('');
    await expect(engine.import(Buffer.from(`192.0.2.1\n${many}`), { list: 'deny' })).rejects.toMatchObject(refused);
    expect(stateOf(world)).toEqual(before);
    expect(world.dataplane.judge('192.0.2.3').verdict).toBe('pass');
    expect(world.dataplane.judge('192.0.2.2').verdict).toBe('drop');
    expect(world.dataplane.judge('10.0.0.1').verdict).toBe('pass');
    expect(world.events).toHaveLength(2);
    store.refusing = false;
    await engine.remove('192.0.2.2');
    expect(short(engine)).toEqual(['+198.51.100.0/24', '-192.0.2.1']);
  });

  it('changes nothing on disk when the kernel refuses it', async () => {
    const world = await openWorld({ capacity: { lock_hosts: 2, lock_list: 1 } });
    const { engine } = world;
    await engine.addMany([deny('192.0.2.1'), deny('192.0.2.0/24')]);
    const before = stateOf(world);
    await expect(engine.addMany([deny('192.0.2.2'), deny('192.0.2.3')])).rejects.toMatchObject({
      code: 'MAP_FULL',
      message: 'lock_hosts holds at most 2 entries: 1 did not fit, none was added',
      hint: expect.stringContaining('capacity.lock_hosts'),
      details: { map: 'lock_hosts', capacity: 2, refused: 1 },
    });
    await expect(engine.add(deny('192.0.2.1', 60))).rejects.toMatchObject({ details: { map: 'lock_list' } });
    expect(stateOf(world)).toEqual(before);
  });

  it('makes the kernel agree with the table when taking back fails at first', async () => {
    const world = await openWorld();
    await world.engine.add(deny('192.0.2.1'));
    const before = stateOf(world);
    const apply = world.dataplane.applyLists.bind(world.dataplane);
    let calls = 0;
    world.dataplane.applyLists = (changes) => {
      if (++calls === 2) throw new Error('EBUSY');
      apply(changes);
    };
    world.store.refusing = true;
    await expect(world.engine.add(deny('192.0.2.2'))).rejects.toMatchObject({ code: 'STORE_WRITE_FAILED' });
    expect(stateOf(world)).toEqual(before);
    calls = 1;
    world.dataplane.applyLists = (changes) => {
      if (++calls > 2) throw new Error('EBUSY');
      apply(changes);
    };
    world.dataplane.reconcileLists = () => {
      throw new Error('EPERM');
    };
    const error: NetxfwError = await world.engine.add(deny('192.0.2.2')).then(
      () => null,
      (thrown) => thrown,
    );
    expect(error).toMatchObject({ code: 'KERNEL_FAILED', details: { stored: 'the disk is full', undo: 'EPERM' } });
  });
});

describe('changes at the same time', () => {
  it('are made one after the other, and none is lost', async () => {
    const world = await openWorld();
    const { engine } = world;
    const work = Array.from({ length: 100 }, (_, i) => engine.add(deny(`192.0.2.${i}`)));
    work.push(...Array.from({ length: 50 }, (_, i) => engine.remove(`192.0.2.${i * 2}`).then(() => null as never)));
    await Promise.all(work);
    expect(engine.counts()).toEqual({ allow: 0, deny: 50 });
    expect(stateOf(world).stored).toHaveLength(50);
    expect(world.events).toHaveLength(150);
  });

  it('go on after one of them failed', async () => {
    const { engine } = await openWorld();
    const results = await Promise.allSettled([
      engine.add(deny('192.0.2.1')),
      engine.add(deny('x')),
      engine.add(deny('192.0.2.2')),
    ]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(short(engine)).toEqual(['-192.0.2.1', '-192.0.2.2']);
  });

  it('are finished before the engine closes, and refused afterwards', async () => {
    const world = await openWorld();
    const adding = world.engine.add(deny('192.0.2.1'));
    await world.engine.close();
    await world.engine.close();
    await adding;
    expect(stateOf(world).stored).toHaveLength(1);
    await expect(world.engine.add(deny('192.0.2.2'))).rejects.toMatchObject({ code: 'DAEMON_UNREACHABLE' });
  });
});

describe('a start', () => {
  it('makes the kernel hold what is on disk, and touches nothing that is in order', async () => {
    const first = await openWorld();
    await first.engine.addMany([
      deny('192.0.2.1'),
      deny('2001:db8::/32', 60),
      { list: 'allow', prefix: '198.51.100.1' },
    ]);
    const rules = stateOf(first).rules;
    const second = await openWorld({ from: first });
    expect(second.engine.reconciled).toEqual({ added: 0, removed: 0 });
    expect(stateOf(second).rules).toEqual(rules);
    // Somebody else changed the maps meanwhile.
    first.dataplane.reconcileLists({ allow: [], deny: [] });
    const third = await openWorld({ from: second });
    expect(third.engine.reconciled).toEqual({ added: 3, removed: 0 });
    expect(third.dataplane.judge('192.0.2.1').verdict).toBe('drop');
  });
});

describe('events', () => {
  it('name at most 20 prefixes and count the rest', async () => {
    const world = await openWorld();
    await world.engine.addMany(Array.from({ length: 50 }, (_, i) => deny(`192.0.2.${i}`)));
    const [event] = world.events;
    expect(event).toMatchObject({ added: 50 });
    expect(event).toHaveProperty('prefixes.length', 20);
  });

  it('end with their subscription', async () => {
    const { engine, events } = await openWorld();
    const more: unknown[] = [];
    const stop = engine.events.on((event) => more.push(event));
    await engine.add(deny('192.0.2.1'));
    stop();
    await engine.add(deny('192.0.2.2'));
    expect([events.length, more.length]).toEqual([2, 1]);
  });
});

describe('the dynamic blacklist', () => {
  it('passes through to the data plane', async () => {
    const world = await openWorld();
    const { engine } = world;
    expect(await engine.addDynamic({ prefix: '192.0.2.1', ttl: 60, reason: 'flood' })).toMatchObject({
      prefix: '192.0.2.1',
      reason: 'flood',
      expiresAt: '2026-01-02T03:05:05.678Z',
      cause: null,
    });
    await engine.addDynamic({ prefix: '2001:db8::/64' });
    expect(world.dataplane.judge('2001:db8::1').reason).toBe('DROP_DYNAMIC');
    expect(engine.listDynamic()).toHaveLength(2);
    world.time += 60_000;
    expect(engine.listDynamic().map(({ prefix }) => prefix)).toEqual(['2001:db8::/64']);
    await expect(engine.removeDynamic('192.0.2.1')).rejects.toMatchObject({ code: 'RULE_NOT_FOUND' });
    expect(await engine.clearDynamic()).toBe(1);
    expect(await engine.clearDynamic()).toBe(0);
    expect(world.events).toMatchObject([
      { type: 'dynamic', action: 'added', prefix: '192.0.2.1', reason: 'flood' },
      { type: 'dynamic', action: 'added', prefix: '2001:db8::/64' },
      { type: 'dynamic', action: 'cleared', prefix: null },
    ]);
  });

  it.each([
    ['192.0.2.0/24', 'INVALID_ADDRESS'],
    ['2001:db8::/48', 'INVALID_ADDRESS'],
    ['2001:db8::1/64', 'INVALID_ADDRESS'],
    ['x', 'INVALID_ADDRESS'],
  ])('refuses %s', async (prefix, code) => {
    const { engine } = await openWorld();
    await expect(engine.addDynamic({ prefix })).rejects.toMatchObject({ code });
  });

  it('refuses a reason longer than the kernel keeps, and a full map', async () => {
    const { engine } = await openWorld({ capacity: { dyn_lock_list: 1 } });
    await expect(engine.addDynamic({ prefix: '192.0.2.1', reason: 'x'.repeat(32) })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
    });
    await engine.addDynamic({ prefix: '192.0.2.1' });
    await expect(engine.addDynamic({ prefix: '192.0.2.2' })).rejects.toMatchObject({ code: 'MAP_FULL' });
  });
});

describe('expiry', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  async function pass(world: { time: number }, ms: number): Promise<void> {
    world.time += ms;
    await vi.advanceTimersByTimeAsync(ms);
  }

  it('takes entries out of table, kernel, disk and counts soon after they end', async () => {
    const world = await openWorld();
    await world.engine.addMany([deny('192.0.2.1', 5), deny('192.0.2.2', 90), deny('192.0.2.3'), deny('192.0.2.4', 5)]);
    await pass(world, 4000);
    expect(world.engine.counts().deny).toBe(4);
    await pass(world, 3000);
    expect(short(world.engine)).toEqual(['-192.0.2.2', '-192.0.2.3']);
    expect(stateOf(world).stored).toHaveLength(2);
    expect(stateOf(world).fill).toContainEqual(['lock_list', 1]);
    expect(world.events.at(-1)).toMatchObject({
      type: 'expired',
      list: 'deny',
      count: 2,
      prefixes: expect.arrayContaining(['192.0.2.1', '192.0.2.4']),
    });
    await pass(world, 90_000);
    expect(short(world.engine)).toEqual(['-192.0.2.3']);
    await world.engine.close();
  });

  it('wakes for an entry that was added later and ends earlier', async () => {
    const world = await openWorld();
    await world.engine.add(deny('192.0.2.1', 3600));
    await world.engine.add(deny('192.0.2.2', 2));
    await pass(world, 3500);
    expect(short(world.engine)).toEqual(['-192.0.2.1']);
    await world.engine.close();
  });

  it('leaves out what ended while nothing ran, from disk too', async () => {
    const first = await openWorld();
    await first.engine.addMany([deny('192.0.2.1', 5), deny('192.0.2.2')]);
    await first.engine.close();
    first.time += 10_000;
    const second = await openWorld({ from: first });
    expect(short(second.engine)).toEqual(['-192.0.2.2']);
    expect(second.engine.reconciled).toEqual({ added: 0, removed: 1 });
    await pass(second, 1500);
    expect(stateOf(second).stored).toHaveLength(1);
    await second.engine.close();
  });

  it('goes on without a disk and catches up when it is back', async () => {
    const world = await openWorld();
    await world.engine.addMany([deny('192.0.2.1', 5), deny('192.0.2.2')]);
    world.store.refusing = true;
    await pass(world, 7000);
    expect(short(world.engine)).toEqual(['-192.0.2.2']);
    expect(stateOf(world).stored).toHaveLength(2);
    expect(world.events.at(-1)).toMatchObject({
      type: 'health',
      healthy: false,
      message: expect.stringContaining('the disk is full'),
    });
    world.store.refusing = false;
    await world.engine.add(deny('192.0.2.3'));
    expect(stateOf(world).stored).toHaveLength(2);
    await world.engine.close();
  });

  it('catches up by itself, too', async () => {
    const world = await openWorld();
    await world.engine.add(deny('192.0.2.1', 5));
    world.store.refusing = true;
    await pass(world, 7000);
    world.store.refusing = false;
    await pass(world, 61_000);
    expect(stateOf(world).stored).toEqual([]);
    await world.engine.close();
    expect(vi.getTimerCount()).toBe(0);
  });
});
