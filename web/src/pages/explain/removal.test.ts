import { expect, it } from 'vitest';
import type { Netxfw } from '../../../../src/sdk/types.ts';
import { removalOf } from './removal.ts';

/** Notes the calls of any method. */
function recorder(calls: string[]): Netxfw {
  const noun = (name: string) =>
    new Proxy(
      {},
      {
        get:
          (_, verb) =>
          async (...values: unknown[]) =>
            calls.push(`${name}.${String(verb)} ${values}`),
      },
    );
  return new Proxy({}, { get: (_, name) => noun(String(name)) }) as Netxfw;
}

it.each([
  ['whitelist', '192.0.2.1', 'rules.remove 192.0.2.1,allow,'],
  ['lock_hosts', '192.0.2.1', 'rules.remove 192.0.2.1,deny,'],
  ['lock_list', '2001:db8::/32', 'rules.remove 2001:db8::/32,deny,'],
  ['dyn_lock_list', '192.0.2.1', 'dynamic.remove 192.0.2.1'],
  ['rate_limit', '0.0.0.0/0', 'limits.remove 0.0.0.0/0,'],
  ['ip_port_rules', '192.0.2.0/24 port 443/tcp: deny', 'ports.removeRule 192.0.2.0/24,443,tcp,'],
  ['ip_port_rules', '::/0 port 8080-8090: allow', 'ports.removeRule ::/0,8080-8090,any,'],
])('an entry of %s, %s, is removed by %s', async (map, key, call) => {
  const calls: string[] = [];
  await removalOf({ map, key, reason: '', expiresAt: null, source: null })!(recorder(calls), {});
  expect(calls.map((each) => each.replace('[object Object]', ''))).toEqual([call]);
});

it.each(['ct_map', 'allowed_ports', 'frag_map'])('an entry of %s is none that a rule made', (map) => {
  expect(removalOf({ map, key: '192.0.2.1', reason: '', expiresAt: null, source: null })).toBeNull();
});
