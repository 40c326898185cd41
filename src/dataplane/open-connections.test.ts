import { describe, expect, it } from 'vitest';
import { formatPrefix } from '../model/prefixes.ts';
import { connectionsIn } from './open-connections.ts';

const HEADING = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n';
const rest = '00000000:00000000 00:00000000 00000000     0        0 1 1 0000000000000000 100 0 0 10 0';

/** Lines as a little-endian machine writes them. */
const table = (...lines: string[]): string =>
  HEADING + lines.map((line, i) => `${String(i).padStart(4)}: ${line} ${rest}\n`).join('');

const seen = (text: string, protocol = 6) =>
  connectionsIn(text, protocol).map(
    ({ source, sourcePort, destination, destinationPort, state, served }) =>
      `${formatPrefix(source)} ${sourcePort} > ${formatPrefix(destination)} ${destinationPort} ${state}${served ? ' served' : ''}`,
  );

describe('connections in /proc/net', () => {
  it('are read with both ends, and whether they were opened from outside', () => {
    const text = table(
      '00000000:0016 00000000:0000 0A',
      '016433C6:0016 026433C6:9C40 01',
      '016433C6:C350 026433C6:01BB 01',
    );
    expect(seen(text)).toEqual([
      '198.51.100.1 22 > 198.51.100.2 40000 established served',
      '198.51.100.1 50000 > 198.51.100.2 443 established',
    ]);
  });

  it('are of IPv6, or IPv4 in its IPv6 form', () => {
    const text = table(
      'B80D0120000000000000000001000000:C350 B80D0120000000000000000002000000:01BB 08',
      '0000000000000000FFFF0000016433C6:C351 0000000000000000FFFF0000026433C6:01BB 02',
    );
    expect(seen(text)).toEqual([
      '2001:db8::1 50000 > 2001:db8::2 443 fin_wait',
      '198.51.100.1 50001 > 198.51.100.2 443 syn_sent',
    ]);
  });

  it('are not those that are over, wait for a SYN, are not connected, or stay inside', () => {
    const text = table(
      '016433C6:C350 026433C6:01BB 06',
      '016433C6:C350 026433C6:01BB 07',
      '016433C6:0050 026433C6:9C40 03',
      '0100007F:C350 0100007F:0016 01',
    );
    expect(seen(text)).toEqual([]);
    expect(seen(table('00000000:0035 00000000:0000 07'), 17)).toEqual([]);
    const inside = '00000000000000000000000001000000';
    expect(seen(table(`${inside}:C350 ${inside}:0016 01`))).toEqual([]);
  });

  it('of UDP are as good as answered', () => {
    expect(seen(table('016433C6:C350 026433C6:0035 01'), 17)).toEqual(['198.51.100.1 50000 > 198.51.100.2 53 replied']);
  });
});
