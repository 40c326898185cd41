import { HOST } from './host.ts';
import type { Scenario } from './scenario.ts';

export const SYSTEM: readonly Scenario[] = [
  { name: 'version', lines: ['version', 'version --short', '--version', 'version --json'] },
  {
    name: 'system',
    host: HOST,
    lines: [
      'system load',
      'system load -i eth0',
      'system load -i lo,eth1 --json',
      'system daemon',
      'system daemon --json',
      'system unload',
      'system unload --json',
    ],
  },
];
