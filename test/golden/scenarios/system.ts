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
  {
    name: 'token',
    lines: [
      'token list',
      'token create alice',
      'token create grafana --role read --json',
      'token create alice',
      "token create 'no name'",
      'token create bob --role owner',
      'token list',
      'token list --json',
      'token remove grafana',
      'token remove grafana',
      'token remove alice --json',
    ],
  },
];
