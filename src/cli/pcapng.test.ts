import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PcapngEncoder } from './pcapng.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'netxfw-pcapng-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

/** 192.0.2.1:4660 -> 198.51.100.1:53, a UDP datagram without content. */
const FRAME = Buffer.from(
  '02000000000102000000000208004500001c00004000401100b0c0000201c63364011234003500080000',
  'hex',
);
const AT = Date.UTC(2026, 0, 1, 12, 0, 0, 123);

const packet = (name: string, data: Uint8Array, length = data.length) => {
  return { interface: name, at: AT, data, length, comment: 'DROP_DENIED_HOST: the source host is denied' };
};

function read(blocks: readonly Buffer[]): string[] {
  const file = join(directory, 'x.pcapng');
  writeFileSync(file, Buffer.concat(blocks));
  const { stdout, status, stderr } = spawnSync('tcpdump', ['-n', '-tttt', '-r', file], {
    encoding: 'utf8',
    env: { ...process.env, TZ: 'UTC' },
  });
  expect({ status, stderr }).toMatchObject({ status: 0 });
  return stdout.split('\n').filter((line) => line !== '');
}

describe('PcapngEncoder', () => {
  it('writes what tcpdump reads, from several interfaces, also cut frames', () => {
    const encoder = new PcapngEncoder();
    const blocks = [
      encoder.header('netxfw test'),
      encoder.packet(packet('eth0', FRAME)),
      encoder.packet(packet('eth1', FRAME.subarray(0, 37), 1500)),
      encoder.packet(packet('eth0', FRAME)),
    ];
    const lines = read(blocks);
    expect(lines).toHaveLength(3);
    for (const line of [lines[0], lines[2]]) {
      expect(line).toMatch(/^2026-01-01 12:00:00\.123000 IP 192\.0\.2\.1\.4660 > 198\.51\.100\.1\.53/);
    }
    expect(lines[1]).toMatch(/192\.0\.2\.1/);
  });

  it('describes each interface once, keeps lengths and pads to four bytes', () => {
    const encoder = new PcapngEncoder();
    encoder.header('netxfw test');
    const first = encoder.packet(packet('eth0', FRAME, 60));
    const second = encoder.packet(packet('eth0', FRAME, 60));
    expect(first.readUInt32LE(0)).toBe(1);
    expect(first.subarray(first.readUInt32LE(4))).toEqual(second);
    expect(second.length % 4).toBe(0);
    expect(second.readUInt32LE(4)).toBe(second.length);
    expect(second.readUInt32LE(second.length - 4)).toBe(second.length);
    expect([second.readUInt32LE(20), second.readUInt32LE(24)]).toEqual([FRAME.length, 60]);
    expect(second.toString('latin1')).toContain('DROP_DENIED_HOST: the source host is denied');
    expect(first.toString('latin1')).toContain('eth0');
  });

  it('takes an empty capture', () => {
    const encoder = new PcapngEncoder();
    const blocks = [encoder.header('x'), encoder.packet(packet('lo', new Uint8Array()))];
    expect(read(blocks)).toHaveLength(1);
  });

  it('ends a file without packets so that it can be read', () => {
    const encoder = new PcapngEncoder();
    expect(read([encoder.header('x'), encoder.end()])).toEqual([]);
    encoder.packet(packet('lo', FRAME));
    expect(encoder.end()).toHaveLength(0);
  });
});
