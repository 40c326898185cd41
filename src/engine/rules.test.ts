import { describe, expect, it } from 'vitest';
import type { RuleInput } from '../model/rules.ts';
import { openWorld, short, stateOf } from './testing/engine.ts';

const deny = (prefix: string, more: Partial<RuleInput> = {}): RuleInput => ({ list: 'deny', prefix, ...more });
const allow = (prefix: string, more: Partial<RuleInput> = {}): RuleInput => ({ list: 'allow', prefix, ...more });

describe('adding a rule', () => {
  it('says what it did, in the kernel and on disk', async () => {
    const world = await openWorld();
    const change = await world.engine.add(deny('192.0.2.1', { reason: 'scan', ttl: 60 }));
    expect(change).toEqual({
      change: 'added',
      rule: {
        list: 'deny',
        prefix: '192.0.2.1',
        reason: 'scan',
        createdAt: '2026-01-02T03:04:05.000Z',
        expiresAt: '2026-01-02T03:05:05.678Z',
        source: 'user',
      },
      notices: [],
    });
    expect(world.dataplane.judge('192.0.2.1').verdict).toBe('drop');
    expect(stateOf(world).stored).toEqual([expect.stringMatching(/^deny 192\.0\.2\.1 \["scan",/)]);
    expect(world.events).toEqual([
      {
        type: 'rules',
        at: '2026-01-02T03:04:05.678Z',
        list: 'deny',
        added: 1,
        removed: 0,
        prefixes: ['192.0.2.1'],
        origin: 'local',
      },
    ]);
  });

  it('does nothing when the same entry is there', async () => {
    const world = await openWorld();
    await world.engine.add(deny('192.0.2.1', { reason: 'scan' }));
    world.time += 5000;
    const before = stateOf(world);
    expect(await world.engine.add(deny('192.0.2.1'))).toMatchObject({ change: 'unchanged', rule: { reason: 'scan' } });
    expect(await world.engine.add(deny('192.0.2.1', { reason: 'scan' }))).toMatchObject({ change: 'unchanged' });
    expect(stateOf(world)).toEqual(before);
    expect(world.events).toHaveLength(1);
  });

  it('replaces reason and expiry, and keeps a reason that is not named', async () => {
    const world = await openWorld();
    await world.engine.add(deny('192.0.2.1', { reason: 'scan', ttl: 60 }));
    expect(await world.engine.add(deny('192.0.2.1'))).toMatchObject({
      change: 'replaced',
      rule: { reason: 'scan', expiresAt: null },
    });
    expect(await world.engine.add(deny('192.0.2.1', { reason: '' }))).toMatchObject({
      change: 'replaced',
      rule: { reason: '' },
    });
    expect(world.events.at(-1)).toMatchObject({ list: 'deny', added: 1, removed: 0 });
    expect(world.engine.counts()).toEqual({ allow: 0, deny: 1 });
  });

  it('takes an entry that has ended for none', async () => {
    const world = await openWorld();
    await world.engine.add(deny('192.0.2.1', { reason: 'scan', ttl: 60 }));
    world.time += 60_000;
    expect(await world.engine.add(deny('192.0.2.1'))).toMatchObject({
      change: 'added',
      rule: { reason: '', expiresAt: null },
    });
  });

  it('masks host bits and says so; mapped IPv4 is IPv4', async () => {
    const { engine } = await openWorld();
    expect(await engine.add(deny(' 10.1.2.3/8 '))).toMatchObject({
      rule: { prefix: '10.0.0.0/8' },
      notices: ['10.1.2.3/8 has host bits: taken as 10.0.0.0/8'],
    });
    expect(await engine.add(deny('::ffff:192.0.2.1'))).toMatchObject({ rule: { prefix: '192.0.2.1' }, notices: [] });
  });

  it.each([
    [deny('1.2.3'), 'INVALID_ADDRESS', /"1\.2\.3"/],
    [deny('1.2.3.4/33'), 'INVALID_ADDRESS', /0 to 32/],
    [deny('192.0.2.1', { ttl: 0 }), 'INVALID_DURATION', /0 seconds/],
    [deny('192.0.2.1', { ttl: Number.NaN }), 'INVALID_DURATION', /NaN/],
    [deny('192.0.2.1', { ttl: 1e12 }), 'INVALID_DURATION', /ten years/],
    [deny('192.0.2.1', { reason: 'x'.repeat(64) }), 'INVALID_INPUT', /64 bytes long; at most 63/],
    [deny('192.0.2.1', { reason: '\u4e2d'.repeat(22) }), 'INVALID_INPUT', /66 bytes long/],
    [deny('192.0.2.1', { reason: 'a\nb' }), 'INVALID_INPUT', /"a\\nb" holds control characters/],
    [{ list: 'block', prefix: '192.0.2.1' } as unknown as RuleInput, 'INVALID_INPUT', /"block" is not a list/],
  ])('refuses %j', async (input, code, message) => {
    const world = await openWorld();
    await expect(world.engine.add(input)).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
    expect(short(world.engine)).toEqual([]);
  });

  it('takes a reason of exactly 63 bytes', async () => {
    const { engine } = await openWorld();
    expect(await engine.add(deny('192.0.2.1', { reason: '\u4e2d'.repeat(21) }))).toMatchObject({ change: 'added' });
  });
});

describe('what adding a rule says about others', () => {
  it.each([
    [[allow('10.0.0.0/8')], deny('10.1.2.3'), '10.1.2.3 is whitelisted by 10.0.0.0/8: this deny has no effect'],
    [[allow('10.1.2.3')], deny('10.1.2.3'), '10.1.2.3 is whitelisted: this deny has no effect'],
    [[allow('10.1.2.3')], deny('10.0.0.0/8'), '1 whitelist entry inside 10.0.0.0/8 still passes, such as 10.1.2.3'],
    [
      [allow('10.1.2.3'), allow('10.2.0.0/16')],
      deny('10.0.0.0/8'),
      /^2 whitelist entries inside 10\.0\.0\.0\/8 still pass, such as 10\./,
    ],
    [[deny('10.0.0.0/8')], allow('10.1.2.3'), '10.1.2.3 is denied by 10.0.0.0/8: the whitelist has priority'],
    [[deny('10.1.2.3')], allow('10.1.2.3'), '10.1.2.3 is denied too: the whitelist has priority'],
    [[deny('10.1.2.3')], allow('10.0.0.0/8'), '1 deny entry inside 10.0.0.0/8 now without effect, such as 10.1.2.3'],
    [
      [allow('2001:db8::/32')],
      deny('2001:db8::1'),
      '2001:db8::1 is whitelisted by 2001:db8::/32: this deny has no effect',
    ],
    [
      [deny('2001:db8:1::5')],
      allow('2001:db8::/32'),
      '1 deny entry inside 2001:db8::/32 now without effect, such as 2001:db8:1::5',
    ],
    [[], allow('0.0.0.0/0'), '0.0.0.0/0 whitelists every IPv4 source: nothing is denied to them'],
    [[], deny('::/0'), '::/0 denies every IPv6 source that is not whitelisted'],
  ])('after %j: %j', async (before, input, notice) => {
    const { engine } = await openWorld();
    await engine.addMany(before);
    const { notices } = await engine.add(input, { acceptRisk: ['lockout'] });
    expect(notices).toEqual([typeof notice === 'string' ? notice : expect.stringMatching(notice)]);
  });

  it('nothing, when the others do not touch it', async () => {
    const { engine } = await openWorld();
    await engine.addMany([allow('10.0.0.0/9'), allow('2001:db8::/33'), deny('11.0.0.0/8'), deny('10.127.255.255')]);
    for (const rule of [
      deny('10.128.0.0/9'),
      deny('2001:db8:8000::/33'),
      allow('12.0.0.0/8'),
      allow('10.127.255.254'),
    ]) {
      expect((await engine.add(rule)).notices).toEqual([]);
    }
  });
});

describe('adding many rules', () => {
  it('adds all, in order, with what each of them did', async () => {
    const { engine } = await openWorld();
    const changes = await engine.addMany([
      deny('192.0.2.1'),
      deny('192.0.2.1'),
      deny('192.0.2.1', { reason: 'b' }),
      allow('::1'),
    ]);
    expect(changes.map(({ change }) => change)).toEqual(['added', 'unchanged', 'replaced', 'added']);
    expect(short(engine)).toEqual(['+::1', '-192.0.2.1']);
  });

  it('adds none when one of them is wrong', async () => {
    const world = await openWorld();
    await world.engine.add(deny('192.0.2.9', { reason: 'old' }));
    const before = stateOf(world);
    const inputs = [deny('192.0.2.1'), deny('192.0.2.9', { reason: 'new' }), deny('nonsense')];
    await expect(world.engine.addMany(inputs)).rejects.toMatchObject({ code: 'INVALID_ADDRESS' });
    expect(stateOf(world)).toEqual(before);
    expect(world.events).toHaveLength(1);
  });
});

describe('removing a rule', () => {
  it('takes it out of the named list, or of both', async () => {
    const world = await openWorld();
    const { engine } = world;
    await engine.addMany([deny('192.0.2.1'), allow('192.0.2.1')]);
    expect((await engine.remove('192.0.2.1', 'allow')).removed).toMatchObject([{ list: 'allow', prefix: '192.0.2.1' }]);
    await engine.add(allow('192.0.2.1'));
    expect((await engine.remove('192.0.2.1')).removed.map(({ list }) => list)).toEqual(['allow', 'deny']);
    expect(stateOf(world)).toMatchObject({ rules: [], stored: [] });
    expect(world.events.slice(-2)).toMatchObject([
      { type: 'rules', list: 'allow', removed: 1 },
      { type: 'rules', list: 'deny', removed: 1 },
    ]);
  });

  it('says what still judges the source', async () => {
    const { engine } = await openWorld();
    await engine.addMany([deny('192.0.2.1'), deny('192.0.2.0/24')]);
    expect((await engine.remove('192.0.2.1')).notices).toEqual(['192.0.2.1 is still denied by 192.0.2.0/24']);
  });

  it('names the network that covers what has no entry', async () => {
    const { engine } = await openWorld();
    await engine.add(deny('192.0.2.0/24'));
    await expect(engine.remove('192.0.2.1')).rejects.toMatchObject({
      code: 'RULE_NOT_FOUND',
      message: '192.0.2.1 has no entry of its own; it is denied by 192.0.2.0/24',
      hint: expect.stringContaining('netxfw del 192.0.2.0/24'),
    });
    await expect(engine.remove('198.51.100.1')).rejects.toMatchObject({ message: '198.51.100.1 is not in any list' });
    await expect(engine.remove('198.51.100.1', 'deny')).rejects.toMatchObject({
      message: '198.51.100.1 is not in the deny list',
    });
  });
});

describe('match', () => {
  it('gives what touches a source, the deciding entry first', async () => {
    const world = await openWorld();
    await world.engine.addMany([
      deny('192.0.2.7'),
      deny('192.0.2.0/24'),
      deny('192.0.0.0/16', { ttl: 60 }),
      allow('192.0.2.0/28'),
      deny('192.0.2.8'),
      deny('2001:db8::/32'),
    ]);
    const summary = (address: string) =>
      world.engine.match(address).map(({ rule, verdict }) => `${verdict} ${rule.prefix}`);
    expect(summary('192.0.2.7')).toEqual([
      'PASS_WHITELIST 192.0.2.0/28',
      'DROP_DENIED_HOST 192.0.2.7',
      'DROP_DENIED_NETWORK 192.0.2.0/24',
      'DROP_DENIED_NETWORK 192.0.0.0/16',
    ]);
    expect(summary('2001:db8::1')).toEqual(['DROP_DENIED_NETWORK 2001:db8::/32']);
    expect(summary('198.51.100.1')).toEqual([]);
    world.time += 60_000;
    expect(summary('192.0.200.1')).toEqual([]);
    expect(() => world.engine.match('192.0.2.0/24')).toThrow(/is a network/);
  });
});

describe('the whitelist of config.yaml', () => {
  it('is merged in, shown with its source, and not stored', async () => {
    const world = await openWorld({ whitelist: ['192.0.2.0/24', '2001:db8::1'] });
    expect(stateOf(world).rules).toMatchObject([
      { list: 'allow', prefix: '192.0.2.0/24', source: 'config', expiresAt: null },
      { list: 'allow', prefix: '2001:db8::1', source: 'config' },
    ]);
    expect(stateOf(world).stored).toEqual([]);
    expect(world.dataplane.judge('192.0.2.1').reason).toBe('PASS_WHITELIST');
  });

  it('cannot be removed or replaced by rule commands', async () => {
    const world = await openWorld({ whitelist: ['192.0.2.1'] });
    const { engine } = world;
    await expect(engine.remove('192.0.2.1')).rejects.toMatchObject({
      code: 'CONFLICT',
      message: '192.0.2.1 comes from whitelist in config.yaml',
      hint: 'Remove it there, then run `netxfw reload`.',
    });
    expect(await engine.add(allow('192.0.2.1', { ttl: 60, reason: 'x' }))).toMatchObject({
      change: 'unchanged',
      rule: { source: 'config', expiresAt: null },
      notices: ['192.0.2.1 is already there: whitelist in config.yaml'],
    });
    await engine.add(deny('192.0.2.1'));
    expect(await engine.remove('192.0.2.1')).toMatchObject({
      removed: [{ list: 'deny' }],
      notices: ['192.0.2.1 stays whitelisted: whitelist in config.yaml'],
    });
    await engine.import(Buffer.from('192.0.2.1\n'), { list: 'allow', ttl: 60, reason: 'x' });
    expect(stateOf(world).rules).toMatchObject([{ source: 'config', expiresAt: null, reason: '' }]);
  });

  it('hides a stored entry and gives it back', async () => {
    const first = await openWorld();
    await first.engine.add(allow('192.0.2.1', { reason: 'mine' }));
    const second = await openWorld({ from: first, whitelist: ['192.0.2.1'] });
    expect(stateOf(second).rules).toMatchObject([{ source: 'config' }]);
    // Enough changes that the store writes its lists whole.
    for (let i = 0; i < 1005; i++) await second.engine.add(deny(`10.0.${i >> 8}.${i & 255}`));
    await second.engine.config.set({ whitelist: [] });
    expect(second.engine.list({ list: 'allow' }).rules).toMatchObject([{ source: 'user', reason: 'mine' }]);
    expect(second.dataplane.judge('192.0.2.1').reason).toBe('PASS_WHITELIST');
    const third = await openWorld({ from: second });
    expect(third.engine.list({ list: 'allow' }).rules).toMatchObject([{ source: 'user', reason: 'mine' }]);
  });

  it('follows a new configuration, entry by entry', async () => {
    const world = await openWorld({ whitelist: ['192.0.2.1', '192.0.2.2'] });
    await world.engine.config.set({ whitelist: ['192.0.2.2', '192.0.2.3/31'] });
    expect(short(world.engine)).toEqual(['+192.0.2.2/31', '+192.0.2.2']);
    expect(world.dataplane.judge('192.0.2.1').reason).toBe('PASS_DEFAULT');
    expect(world.dataplane.judge('192.0.2.3').reason).toBe('PASS_WHITELIST');
    expect(stateOf(world).stored).toEqual([]);
  });
});
