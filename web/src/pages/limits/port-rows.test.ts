import { expect, it } from 'vitest';
import { portRows } from './port-rows.ts';

const made = { source: 'user', createdAt: '' } as const;

it('open ports and listeners without one lie in the order of their ports, listeners of one port together', () => {
  const rows = portRows(
    [
      { ports: '8080-8090', protocol: 'any', ...made },
      { ports: '443', protocol: 'tcp', ...made },
    ],
    [
      { port: 80, protocol: 'tcp', address: '0.0.0.0', process: 'nginx' },
      { port: 80, protocol: 'tcp', address: '::', process: 'nginx' },
      { port: 5353, protocol: 'udp', address: '0.0.0.0', process: null },
    ],
  );
  expect(rows.map(({ spec, open, listeners }) => `${spec} ${open} ${listeners.length}`)).toEqual([
    '80/tcp false 2',
    '443/tcp true 0',
    '5353/udp false 1',
    '8080-8090 true 0',
  ]);
});
