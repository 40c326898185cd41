import { describe, expect, it } from 'vitest';
import { BOGONS } from '../../src/model/bogons.ts';
import { network, text } from './address.ts';
import { bogonTexts, readBogons } from './bogons.ts';

/** Written from the registries, not from the header: iana-ipv4-special-registry, iana-ipv6-special-registry. */
const SPECIAL = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
  '64:ff9b:1::/48',
  '100::/64',
  '100:0:0:1::/64',
  '2001:2::/48',
  '2001:10::/28',
  '2001:db8::/32',
  '3fff::/20',
  '5f00::/16',
  'fc00::/7',
  'ff00::/8',
];

const canonical = (prefix: string) => {
  const { bits, family, length } = network(prefix);
  return `${text({ bits, family })}/${length}`;
};

describe('the bogon table', () => {
  it('has every special-purpose network of the registries and no other', () => {
    expect(bogonTexts().map(canonical).sort()).toEqual(SPECIAL.map(canonical).sort());
  });

  it('is the same for the kernel program and for programs that ask what it would decide', () => {
    const kernel = readBogons().map(({ bits, family, length }) => `${text({ bits, family })}/${length}`);
    expect(BOGONS.map(canonical).sort()).toEqual(kernel.sort());
  });

  it('has no host bits set', () => {
    for (const prefix of bogonTexts()) {
      const [host] = prefix.split('/');
      expect(canonical(prefix)).toBe(`${text(network(host!))}/${prefix.split('/')[1]}`);
    }
  });
});
