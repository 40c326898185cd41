import { describe, expect, it } from 'vitest';
import { type Config, defaultConfig } from '../model/config.ts';
import { NetxfwError } from '../model/errors.ts';
import type { Attachment, Listener, MapFill } from '../model/status.ts';
import { warningsOf } from './warnings.ts';

const native: Attachment = { interface: 'eth0', ifindex: 2, mode: 'native', note: null };
const map = (entries: number, name = 'lock_list'): MapFill => ({ name, entries, capacity: 100, bytes: 0 });

function warnings({
  config = {},
  attachments = [native],
  maps = [] as MapFill[],
  listeners = [] as Listener[],
  tokensProblem = null as NetxfwError | null,
  auditProblem = null as string | null,
}: {
  config?: Partial<Config>;
  attachments?: Attachment[];
  maps?: MapFill[];
  listeners?: Listener[];
  tokensProblem?: NetxfwError | null;
  auditProblem?: string | null;
}): string[] {
  return warningsOf({
    config: { ...defaultConfig(), ...config },
    attachments,
    maps,
    listeners,
    tokensProblem,
    auditProblem,
  });
}

describe('warnings', () => {
  it('are none when all is well', () => {
    expect(warnings({ maps: [map(89), map(100, 'ct_map')] })).toEqual([]);
  });

  it('say that nothing is filtered', () => {
    expect(warnings({ attachments: [] })).toEqual([expect.stringContaining('netxfw system load')]);
  });

  it('pass the reason for generic mode on', () => {
    const note = 'the driver refused native mode: mtu 9000 too large; try `ip link set eth0 mtu 3498`';
    expect(warnings({ attachments: [{ ...native, mode: 'generic', note }] })).toEqual([expect.stringContaining(note)]);
  });

  it('name an interface that is configured and bare', () => {
    const config = { base: { ...defaultConfig().base, interfaces: ['eth0', 'eth1'] } };
    expect(warnings({ config })).toEqual([expect.stringContaining('not attached to eth1')]);
  });

  it('name a map that is nearly full, with the key to raise', () => {
    expect(warnings({ maps: [map(90)] })).toEqual([
      expect.stringMatching(/lock_list is 90 % full.*capacity\.lock_list/),
    ]);
  });

  it('mention monitor mode', () => {
    expect(warnings({ config: { mode: 'monitor' } })).toEqual([expect.stringContaining('mode: enforce')]);
  });

  it('name a listener that does not listen, and why', () => {
    const at = { name: 'metrics', address: 'http://127.0.0.1:9100' } as const;
    const problem = 'another program uses 127.0.0.1:9100';
    expect(warnings({ listeners: [{ ...at, problem }] })).toEqual([`metrics does not listen: ${problem}`]);
    expect(warnings({ listeners: [{ ...at, problem: null }] })).toEqual([]);
  });

  it('say that tokens cannot be read', () => {
    const tokensProblem = new NetxfwError('STORE_DAMAGED', 'tokens.json is damaged');
    expect(warnings({ tokensProblem })).toEqual([expect.stringContaining('tokens.json is damaged')]);
  });

  it('say nothing of keys that work', () => {
    const { base, capacity, conntrack } = defaultConfig();
    const config: Partial<Config> = {
      base: {
        ...base,
        interfaces: ['eth0'],
        xdp_mode: 'generic',
        bpf_pin_path: '/sys/fs/bpf/x',
        persist_rules: false,
        default_deny: true,
      },
      capacity: { ...capacity, lock_list: 10 },
      conntrack: { ...conntrack, max_entries: 10 },
      whitelist: ['192.0.2.1'],
      logging: { level: 'debug', path: '/x' },
    };
    expect(warnings({ config })).toEqual([]);
  });
});
