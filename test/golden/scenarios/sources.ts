import type { Scenario } from './scenario.ts';

export const SOURCES: readonly Scenario[] = [
  {
    name: 'source',
    lines: [
      'source add fail2ban:sshd deny 192.0.2.1 192.0.2.2 --ttl 10m --reason fail2ban',
      'source add fail2ban:web deny 192.0.2.1 --json',
      'source add nobody deny 192.0.2.1',
      'source list',
      'list',
      'source del fail2ban:sshd deny 192.0.2.1 203.0.113.9',
      'source list --json',
      'source clear fail2ban:sshd deny',
      'source clear fail2ban:web deny --json',
      'source list',
    ],
  },
];
