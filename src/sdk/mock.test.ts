import { describe, expect, it } from 'vitest';
import { createMock } from './mock.ts';

describe('the mock', () => {
  it('judges packets by the rules that the SDK adds and removes', async () => {
    await using mock = await createMock();
    await mock.rules.add({ list: 'deny', prefix: '192.0.2.0/24' });
    expect(mock.dataplane.judge('192.0.2.1').reason).toBe('DROP_DENIED_NETWORK');
    const { notices } = await mock.rules.add({ list: 'allow', prefix: '192.0.2.1' });
    expect(notices).toEqual(['192.0.2.1 is denied by 192.0.2.0/24: the whitelist has priority']);
    expect(mock.dataplane.judge('192.0.2.1').reason).toBe('PASS_WHITELIST');
    await mock.rules.remove('192.0.2.0/24');
    expect(mock.dataplane.judge('192.0.2.2').reason).toBe('PASS_DEFAULT');
  });

  it('answers a status that counts what arrived', async () => {
    await using mock = await createMock();
    await mock.rules.add({ list: 'deny', prefix: '2001:db8::1' });
    await mock.dynamic.add({ prefix: '198.51.100.1', ttl: 60 });
    mock.dataplane.receive('2001:db8::1', 100);
    mock.dataplane.receive('198.51.100.1', 60);
    mock.dataplane.receive('198.51.100.2', 60);
    const status = await mock.system.status();
    expect(status.rules).toEqual({ allow: 0, deny: 1, dynamic: 1 });
    expect(status.packets).toEqual({ passed: { packets: 1, bytes: 60 }, dropped: { packets: 2, bytes: 160 } });
    expect((await mock.stats.get()).reasons.map(({ reason }) => reason)).toEqual([
      'PASS_DEFAULT',
      'DROP_DYNAMIC',
      'DROP_DENIED_HOST',
    ]);
  });

  it('refuses what does not fit and keeps what was there', async () => {
    await using mock = await createMock({ capacity: { lock_hosts: 2 } });
    await mock.rules.add({ list: 'deny', prefix: '192.0.2.1' });
    const more = ['192.0.2.2', '192.0.2.3'].map((prefix) => ({ list: 'deny' as const, prefix }));
    await expect(mock.rules.addMany(more)).rejects.toMatchObject({
      code: 'MAP_FULL',
      details: { map: 'lock_hosts', capacity: 2, refused: 1 },
    });
    expect(await mock.rules.counts()).toEqual({ allow: 0, deny: 1 });
    expect(mock.dataplane.judge('192.0.2.2').verdict).toBe('pass');
  });
});
