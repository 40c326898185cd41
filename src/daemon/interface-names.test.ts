import { expect, it } from 'vitest';
import { interfaceNames } from './interface-names.ts';

it('reads the names of /proc/net/dev', () => {
  const text = `Inter-|   Receive                  |  Transmit
 face |bytes    packets errs drop|bytes    packets
    lo:  1234      10    0    0    1234      10
eth0.42: 99 1 0 0 99 1
`;
  expect(interfaceNames(text)).toEqual(['lo', 'eth0.42']);
  expect(interfaceNames()).toContain('lo');
});
