import { describe, expect, it } from 'vitest';
import { NetxfwError } from '../model/errors.ts';
import { formatEndpoint, parseEndpoint } from './endpoint.ts';

const ACCEPTED: readonly (readonly [text: string, prefix: string, ports?: string, protocol?: string])[] = [
  ['192.0.2.1', '192.0.2.1'],
  ['192.0.2.0/24', '192.0.2.0/24'],
  ['192.0.2.1:22', '192.0.2.1', '22', 'any'],
  ['192.0.2.1:22/tcp', '192.0.2.1', '22', 'tcp'],
  ['192.0.2.0/24:8080-8090/udp', '192.0.2.0/24', '8080-8090', 'udp'],
  ['0.0.0.0/0:53', '0.0.0.0/0', '53', 'any'],
  ['2001:db8::1', '2001:db8::1'],
  ['2001:db8::/32', '2001:db8::/32'],
  ['::', '::'],
  ['::1:443', '::1:443'],
  ['::ffff:192.0.2.1', '::ffff:192.0.2.1'],
  ['[2001:db8::1]', '2001:db8::1'],
  ['[2001:db8::1]:443', '2001:db8::1', '443', 'any'],
  ['[2001:db8::1]:443/tcp', '2001:db8::1', '443', 'tcp'],
  ['[2001:db8::/32]:1-65535/udp', '2001:db8::/32', '1-65535', 'udp'],
  ['[2001:db8::]/32:443', '2001:db8::/32', '443', 'any'],
  ['[::]/0', '::/0'],
];

const REFUSED: readonly (readonly [text: string, code: string])[] = [
  ['', 'INVALID_ADDRESS'],
  ['192.0.2', 'INVALID_ADDRESS'],
  ['192.0.2.1/33', 'INVALID_ADDRESS'],
  ['192.0.2.1/33:22', 'INVALID_ADDRESS'],
  ['192.0.2.1:', 'INVALID_PORT'],
  ['192.0.2.1:0', 'INVALID_PORT'],
  ['192.0.2.1:65536', 'INVALID_PORT'],
  ['192.0.2.1:90-80', 'INVALID_PORT'],
  ['192.0.2.1:80/icmp', 'INVALID_PORT'],
  ['192.0.2.1:ssh', 'INVALID_PORT'],
  ['192.0.2.1:80:90', 'INVALID_ADDRESS'],
  [':22', 'INVALID_ADDRESS'],
  ['host:22', 'INVALID_ADDRESS'],
  ['[192.0.2.1]:22', 'INVALID_ADDRESS'],
  ['[2001:db8::1', 'INVALID_ADDRESS'],
  ['2001:db8::1]:22', 'INVALID_ADDRESS'],
  ['[2001:db8::1]22', 'INVALID_ADDRESS'],
  ['[2001:db8::1]:', 'INVALID_PORT'],
  ['[2001:db8::1/64]/64:22', 'INVALID_ADDRESS'],
  ['[]:22', 'INVALID_ADDRESS'],
  ['2001:db8::1:443/tcp', 'INVALID_ADDRESS'],
];

describe('parseEndpoint', () => {
  it.each(ACCEPTED.map((row) => ({ row })))('accepts $row.0', ({ row: [text, prefix, ports, protocol] }) => {
    expect(parseEndpoint(text)).toEqual({ prefix, target: ports === undefined ? null : { ports, protocol } });
  });

  it.each(REFUSED)('refuses %j', (text, code) => {
    try {
      parseEndpoint(text);
    } catch (error) {
      expect(error).toBeInstanceOf(NetxfwError);
      expect((error as NetxfwError).code).toBe(code);
      expect((error as NetxfwError).message).toContain(code === 'INVALID_ADDRESS' ? `"${text}"` : 'port');
      return;
    }
    expect.unreachable(`${text} was accepted`);
  });

  it('says how a port follows an IPv6 address', () => {
    expect(() => parseEndpoint('2001:db8::1:443/tcp')).toThrow(
      expect.objectContaining({ hint: expect.stringContaining('[2001:db8::1]:443/tcp') }),
    );
  });

  it('reads what formatEndpoint writes', () => {
    for (const [text, , ports] of ACCEPTED) {
      if (ports === undefined) continue;
      const { prefix, target } = parseEndpoint(text!);
      expect(parseEndpoint(formatEndpoint(prefix, target!))).toEqual({ prefix, target });
    }
  });
});
