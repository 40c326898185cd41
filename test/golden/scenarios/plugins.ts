import { NetxfwError } from '../../../src/model/errors.ts';
import type { Scenario } from './scenario.ts';

const ANSWERS: Readonly<Record<string, unknown>> = {
  status: [
    {
      name: 'spamhaus-drop',
      from: 'https://www.spamhaus.org/drop/drop.txt',
      action: 'deny',
      entries: 1524,
      checkedAt: '2026-01-01T11:30:00.000Z',
      ok: true,
      message: '2 private or needed by this host left out',
    },
    {
      name: 'cloud',
      from: '/etc/netxfw/cloud.json',
      action: 'allow',
      entries: 0,
      checkedAt: null,
      ok: false,
      message: 'there is no file /etc/netxfw/cloud.json',
    },
  ],
  refresh: [
    { name: 'spamhaus-drop', changed: true, entries: 1524, added: 3, removed: 1, message: '' },
    { name: 'cloud', error: 'there is no file /etc/netxfw/cloud.json' },
  ],
  overlap: [
    { name: 'one', entries: 1000, unique: 40, covered: { two: 960 } },
    { name: 'two', entries: 5000, unique: 4040, covered: { one: 960 } },
  ],
};

export const PLUGINS: readonly Scenario[] = [
  {
    name: 'feeds',
    fakes: { extensions: { call: async (_, command) => ANSWERS[command] } },
    lines: [
      'feeds list',
      'feeds list --json',
      'feeds refresh',
      'feeds refresh cloud --force --json',
      'feeds overlap',
      'feeds overlap --json',
    ],
  },
  {
    name: 'feeds-without',
    fakes: {
      extensions: {
        call: async () => {
          throw new NetxfwError('NOT_FOUND', 'there is no plugin feeds', { hint: 'Plugins are named in config.yaml.' });
        },
      },
    },
    lines: ['feeds list'],
  },
  { name: 'log-test', lines: ['log test', 'log test nothing.yaml test/support/logs/sshd.log'] },
  { name: 'plugin-build', lines: ['plugin build missing.bpf.c', 'plugin build'] },
];
