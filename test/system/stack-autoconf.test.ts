import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Instance } from '../support/instance.ts';
import { KernelView } from '../support/kernel-view.ts';
import { FW_DEVICE, Lab, PEER_DEVICE } from '../support/lab.ts';
import { until } from '../support/process.ts';
import { startDnsmasq } from '../support/serve.ts';

/** A host that gets its addresses from the network, under default deny with no ICMP let in. The peer is the router. */
const CONFIG = { base: { default_deny: true, allow_icmp: false, bogon_filter: true, anti_spoof: 'strict' } };
const ROUTER4 = '198.51.100.2';
const ROUTER6 = '2001:db8:7::2';

const lab = Lab.create({ fw: [], peer: [`${ROUTER4}/24`, `${ROUTER6}/64`] });
const netxfw = new Instance(lab, 'auto', { config: CONFIG });
const view = new KernelView(netxfw.pinPath);
const events = join(lab.directory, 'events');

/** Takes what dhclient got; the script that comes with it would change the machine's resolv.conf. */
const SCRIPT = `#!/bin/sh
case $reason in
BOUND) ip addr replace "$new_ip_address/24" dev "$interface" ;;
BOUND6) ip -6 addr replace "$new_ip6_address/128" dev "$interface" nodad ;;
esac
echo "$reason $new_ip_address$new_ip6_address" >>${events}
`;

interface Address {
  readonly addr_info: readonly { readonly local: string; readonly tentative?: boolean; readonly scope: string }[];
}

/** Addresses of the firewall's host that can be used. */
function addresses(): string[] {
  const [device] = JSON.parse(lab.fw.ip('-j', 'addr', 'show', 'dev', FW_DEVICE)) as [Address];
  return device.addr_info.filter(({ tentative, scope }) => !tentative && scope === 'global').map(({ local }) => local);
}

const happened = (reason: string): number =>
  existsSync(events)
    ? readFileSync(events, 'utf8')
        .split('\n')
        .filter((line) => line.startsWith(`${reason} `)).length
    : 0;

const pings = async (target: string): Promise<boolean> =>
  (await lab.fw.run(['ping', '-n', '-c', '1', '-W', '1', target])).status === 0;

function dhclient(family: '-4' | '-6') {
  const script = join(lab.directory, 'script');
  const config = join(lab.directory, 'dhclient.conf');
  writeFileSync(script, SCRIPT);
  chmodSync(script, 0o755);
  writeFileSync(config, 'initial-interval 1;\nsupersede dhcp-renewal-time 2;\nsupersede dhcp-rebinding-time 100;\n');
  const file = (name: string) => join(lab.directory, `dhclient${family}.${name}`);
  writeFileSync(file('leases'), '');
  const files = ['-cf', config, '-lf', file('leases'), '-pf', file('pid'), '-sf', script];
  return lab.fw.start(['dhclient', family, '-d', ...files, FW_DEVICE]);
}

beforeAll(async () => {
  await netxfw.ok(['system', 'load']);
  await startDnsmasq(lab.peer, lab.directory, [
    'port=0',
    `interface=${PEER_DEVICE}`,
    'enable-ra',
    'dhcp-authoritative',
    'no-ping',
    'dhcp-range=198.51.100.100,198.51.100.150,255.255.255.0,10m',
    'dhcp-range=2001:db8:7::100,2001:db8:7::1ff,slaac,64,10m',
  ]);
});
afterAll(() => lab.dispose());

describe('under default deny, with the strictest checks of sources', () => {
  it('IPv6 configures itself by router advertisements', async () => {
    const counted = view.counting();
    // The interface comes up anew, so that the host asks for a router.
    lab.fw.ip('link', 'set', FW_DEVICE, 'down');
    lab.fw.ip('link', 'set', FW_DEVICE, 'up');
    const own = await until('an address', () => addresses().find((address) => address.startsWith('2001:db8:7:')));
    expect(counted('PASS_NEIGHBOUR')).toBeGreaterThan(0);
    expect(lab.fw.ip('-6', 'route', 'show', 'default')).toContain('via fe80:');
    expect(own).not.toBe('');
  });

  it('a DHCP lease is obtained and renewed', async () => {
    const counted = view.counting();
    const client = dhclient('-4');
    await until('the lease', () => happened('BOUND') === 1);
    expect(counted('PASS_DHCP')).toBeGreaterThanOrEqual(2);
    await until('two renewals', () => happened('RENEW') >= 2);
    expect(addresses().some((address) => /^198\.51\.100\.1[0-5]\d$/.test(address))).toBe(true);
    await client.stop();
  });

  it('a DHCPv6 lease is obtained', async () => {
    const counted = view.counting();
    const client = dhclient('-6');
    await until('the lease', () => happened('BOUND6') === 1);
    expect(counted('PASS_DHCP', 'PASS_CONNTRACK')).toBeGreaterThanOrEqual(2);
    await client.stop();
  });
});

it('what is neither DHCP nor neighbour discovery is judged by its source: the router has a special-purpose address', async () => {
  expect(await pings(ROUTER4)).toBe(false);
  netxfw.configure({ ...CONFIG, base: { ...CONFIG.base, bogon_filter: false } });
  await netxfw.ok(['system', 'load']);
  expect([await pings(ROUTER4), await pings(ROUTER6)]).toEqual([true, true]);
});
