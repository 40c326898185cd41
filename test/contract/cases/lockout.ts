import { describe, expect, it } from 'vitest';
import type { ChangeOptions } from '../../../src/model/operations.ts';
import type { Netxfw } from '../../../src/sdk/types.ts';
import { bytes, rejection, type Use } from './support.ts';

const CALLER = '192.0.2.10';

/** What would cut off the one who asks for it. */
const RISKS: readonly (readonly [string, (sdk: Netxfw, options: ChangeOptions) => Promise<unknown>])[] = [
  ['a deny of the address', ({ rules }, o) => rules.add({ list: 'deny', prefix: CALLER }, o)],
  ['a deny of its network', ({ rules }, o) => rules.addMany([{ list: 'deny', prefix: '192.0.2.0/24' }], o)],
  [
    'an import that holds it',
    ({ rules }, options) => rules.import({ list: 'deny', data: bytes('198.51.100.1\n192.0.2.0/28\n'), options }),
  ],
  [
    'what a program adds',
    ({ rules }, o) =>
      rules.updateSource({ source: 'test:a', list: 'deny', add: [{ prefix: '192.0.2.0/24' }], remove: [] }, o),
  ],
  [
    'a list that holds it',
    ({ rules }, options) =>
      rules.replaceSource({ source: 'feed:a', list: 'deny', data: bytes('198.51.100.1\n192.0.2.10\n'), options }),
  ],
  ['a dynamic block', ({ dynamic }, o) => dynamic.add({ prefix: CALLER, ttl: 60 }, o)],
  ['an ip+port rule', ({ ports }, o) => ports.addRule({ prefix: '192.0.2.0/24', ports: '20-30', action: 'deny' }, o)],
  [
    'default deny without the ssh port',
    ({ config }, o) => config.set({ 'base.default_deny': true, 'base.failsafe_ports': [] }, o),
  ],
  ['a bogon filter', ({ config }, o) => config.set({ 'base.bogon_filter': true }, o)],
];

export function lockoutContract(use: Use): void {
  describe('a lockout', () => {
    it.each(RISKS)('is refused: %s', async (_name, change) => {
      const sdk = use();
      const before = [
        await sdk.rules.counts(),
        await sdk.dynamic.list(),
        await sdk.ports.listRules(),
        await sdk.config.get(),
      ];
      const error = await rejection(change(sdk, { protect: [CALLER] }), 'LOCKOUT_RISK');
      expect(error.message).toMatch(/192\.0\.2\.10|for everybody/);
      expect(error.message).toContain('22');
      expect(error.details).toMatchObject({ cut: expect.arrayContaining([expect.objectContaining({ port: 22 })]) });
      const after = [
        await sdk.rules.counts(),
        await sdk.dynamic.list(),
        await sdk.ports.listRules(),
        await sdk.config.get(),
      ];
      expect(after).toEqual(before);
    });

    it.each(RISKS)('is made when that is accepted: %s', async (_name, change) => {
      await change(use(), { protect: [CALLER], acceptRisk: ['lockout'] });
    });

    it('is refused when the entry goes that keeps the caller in', async () => {
      const { rules, config } = use();
      const protect = { protect: [CALLER] };
      await rules.add({ list: 'allow', prefix: CALLER });
      await rules.add({ list: 'deny', prefix: '192.0.2.0/24' }, protect);
      await rejection(rules.remove(CALLER, 'allow', protect), 'LOCKOUT_RISK');
      await rejection(rules.clear('allow', protect), 'LOCKOUT_RISK');
      await rules.clear('deny', protect);
      await rules.remove(CALLER, undefined, protect);
      expect(await rules.counts()).toEqual({ allow: 0, deny: 0 });
      expect((await config.get()).config.whitelist).toEqual([]);
    });

    it('is one of everybody, whoever asks', async () => {
      const { config, ports, rules } = use();
      await rejection(rules.add({ list: 'deny', prefix: '0.0.0.0/0' }), 'LOCKOUT_RISK');
      await ports.open('22/tcp');
      await config.set({ 'base.failsafe_ports': [], 'base.default_deny': true });
      await rejection(ports.close('22/tcp'), 'LOCKOUT_RISK');
      await config.set({ 'base.failsafe_ports': [22] });
      await ports.close('22/tcp');
      await rejection(config.set({ 'base.failsafe_ports': [2222] }), 'LOCKOUT_RISK');
    });

    it('is none when the caller stays in, or was out before', async () => {
      const { rules, system } = use();
      await rules.add(
        { list: 'deny', prefix: '198.51.100.0/24' },
        { protect: [CALLER, '::1', '127.0.0.1', 'fe80::1%eth0'] },
      );
      await rules.add({ list: 'deny', prefix: CALLER });
      await rules.add({ list: 'deny', prefix: '192.0.2.0/24' }, { protect: [CALLER] });
      await system.reset({ protect: [CALLER] });
      await rejection(rules.add({ list: 'deny', prefix: '10.0.0.1' }, { protect: ['nonsense'] }), 'INVALID_ADDRESS');
    });
  });
}
