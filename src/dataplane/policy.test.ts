import { describe, expect, it } from 'vitest';
import { type Config, ConfigSchema } from '../model/config.ts';
import { comparePolicies, policyTexts, switchesOf, tunablesOf } from './policy.ts';

const clock = { ticks: (ms: number) => Math.ceil(ms / 4) };
const config = (document: unknown = {}): Config => ConfigSchema.parse(document);
const compare = (before: unknown, after: unknown, resized: readonly string[] = []) =>
  comparePolicies(policyTexts(config(before)), policyTexts(config(after)), resized);

describe('policy', () => {
  it.each([
    ['mode', { mode: 'monitor' }, 'mode: enforce -> monitor', { cfg_monitor: true }],
    ['base', { base: { default_deny: true } }, 'base.default_deny: false -> true', { cfg_default_deny: true }],
    ['icmp', { base: { allow_icmp: false } }, 'base.allow_icmp: true -> false', { cfg_allow_icmp: false }],
    ['dhcp', { base: { allow_dhcp: false } }, 'base.allow_dhcp: true -> false', { cfg_allow_dhcp: false }],
    ['tcp', { base: { strict_tcp: false } }, 'base.strict_tcp: true -> false', { cfg_strict_tcp: false }],
    [
      'types',
      { base: { strict_protocol: true } },
      'base.strict_protocol: false -> true',
      { cfg_strict_protocol: true },
    ],
    [
      'fragments',
      { base: { drop_fragments: true } },
      'base.drop_fragments: false -> true',
      { cfg_drop_fragments: true },
    ],
    ['bogons', { base: { bogon_filter: true } }, 'base.bogon_filter: false -> true', { cfg_bogon_filter: true }],
    ['spoofing', { base: { anti_spoof: 'strict' } }, 'base.anti_spoof: basic -> strict', { cfg_anti_spoof: 2 }],
    ['conntrack', { conntrack: { enabled: false } }, 'conntrack.enabled: true -> false', { cfg_conntrack: false }],
    ['limits', { rate_limit: { enabled: false } }, 'rate_limit.enabled: true -> false', { cfg_rate_limit: false }],
    ['groups', { rate_limit: { v6_prefix: 56 } }, 'rate_limit.v6_prefix: 64 -> 56', { cfg_v6_prefix: 56 }],
    ['blocks', { rate_limit: { auto_block: true } }, 'rate_limit.auto_block: false -> true', { cfg_auto_block: true }],
    ['events', { events: { enabled: false } }, 'events.enabled: true -> false', { cfg_events: false }],
    [
      'SYNs',
      { rate_limit: { syn_limit: { enabled: true } } },
      'rate_limit.syn_limit.enabled: false -> true',
      { cfg_syn_limit: true },
    ],
  ])('%s: a switch', (_name, document, change, switches) => {
    expect(compare({}, document)).toMatchObject({ kind: 'incremental', changes: [change] });
    expect(switchesOf(config(document))).toMatchObject(switches);
    expect(switchesOf(config({}))).not.toMatchObject(switches);
  });

  it.each([
    [{ base: { icmp_rate: 50 } }, { icmpCost: 320_000_000, icmpDepth: 64_000_000_000 }],
    [{ base: { icmp_burst: 1 } }, { icmpCost: 160_000_000, icmpDepth: 160_000_000 }],
    [{ base: { allowed_protocols: ['gre', 132] } }, { allowedProtocols: BigUint64Array.of(1n << 47n, 0n, 16n, 0n) }],
    [{ conntrack: { tcp_timeout: '2h' } }, { tcpTimeout: 1_800_000 }],
    [{ conntrack: { syn_timeout: '1s' } }, { synTimeout: 250 }],
    [{ conntrack: { fin_timeout: '1s' } }, { finTimeout: 250 }],
    [{ conntrack: { udp_timeout: '1s' } }, { udpTimeout: 250 }],
    [{ conntrack: { udp_unreplied_timeout: '1s' } }, { udpUnrepliedTimeout: 250 }],
    [{ conntrack: { icmp_timeout: '1s' } }, { icmpTimeout: 250 }],
    [{ rate_limit: { syn_limit: { rate: 100 } } }, { synCost: 160_000_000, synDepth: 32_000_000_000 }],
    [{ rate_limit: { auto_block_expiry: '1m' } }, { autoBlockExpiry: 15_000 }],
    [{ events: { drops_per_second: 10 } }, { eventCost: 1_600_000_000, eventDepth: 16_000_000_000 }],
    [{ events: { sample_passes: 7 } }, { eventSamplePasses: 7 }],
  ])('%j: a tunable', (document, values) => {
    expect(compare({}, document)).toMatchObject({ kind: 'incremental' });
    expect(compare({}, document).changes).toHaveLength(1);
    expect(tunablesOf(config(document), clock)).toMatchObject(values);
  });

  it('knows no difference between two ways of writing the same', () => {
    const change = compare(
      { conntrack: { tcp_timeout: '1h' }, base: { allowed_protocols: ['gre', 'esp'] } },
      { conntrack: { tcp_timeout: '60m' }, base: { allowed_protocols: [50, 47] } },
    );
    expect(change).toEqual({ kind: 'none', changes: [], because: 'nothing changed that the kernel must know' });
  });

  it('leaves out keys that are not the kernel program’s', () => {
    const other = {
      api: { port: 1 },
      whitelist: ['10.0.0.0/8'],
      logging: { level: 'debug' },
      base: { failsafe_ports: [] },
    };
    expect(compare({}, other).kind).toBe('none');
  });

  it('takes a full reload for another capacity, and names it', () => {
    const document = { capacity: { lock_list: 1000 }, base: { default_deny: true } };
    expect(compare({}, document, ['lock_list'])).toEqual({
      kind: 'full',
      changes: ['base.default_deny: false -> true', 'capacity.lock_list: 524288 -> 1000'],
      because: 'capacity.lock_list changed',
    });
    expect(compare({}, {}, ['lock_hosts6']).because).toBe('the size of lock_hosts6 changed');
  });

  it('follows everything when it is not known what is in force', () => {
    expect(comparePolicies(undefined, policyTexts(config()), [])).toEqual({
      kind: 'incremental',
      changes: [],
      because: 'it is not known what is in force',
    });
  });

  it('keeps automatic blocks when auto_block is switched off', () => {
    expect(tunablesOf(config({ rate_limit: { auto_block: true } }), clock).hasDynamic).toBe(1);
    expect(tunablesOf(config(), clock).hasDynamic).toBeUndefined();
  });
});
