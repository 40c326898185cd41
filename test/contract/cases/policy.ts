import { describe, expect, it } from 'vitest';
import { isoTime, rejection, type Use } from './support.ts';

/** Limits, open ports and ip+port rules. */
export function policyContract(use: Use): void {
  describe('limits', () => {
    it('are added, changed, listed and removed', async () => {
      const { limits } = use();
      const limit = { prefix: '10.0.0.0/8', rate: 100, burst: 200, source: 'user', createdAt: isoTime, dropped: 0 };
      expect(await limits.add({ prefix: '10.1.2.3/8', rate: 100 })).toEqual({ change: 'added', limit });
      expect(await limits.add({ prefix: '10.0.0.0/8', rate: 100 })).toMatchObject({ change: 'unchanged' });
      expect(await limits.add({ prefix: '10.0.0.0/8', rate: 100, burst: 5 })).toMatchObject({ change: 'replaced' });
      expect(await limits.list()).toEqual([{ ...limit, burst: 5 }]);
      await limits.remove('10.0.0.0/8');
      expect(await limits.list()).toEqual([]);
      await rejection(limits.remove('10.0.0.0/8'), 'NOT_FOUND');
    });

    it.each([
      [{ prefix: 'nonsense', rate: 1 }, 'INVALID_ADDRESS'],
      [{ prefix: '10.0.0.0/8', rate: 0 }, 'INVALID_INPUT'],
      [{ prefix: '10.0.0.0/8', rate: 1.5 }, 'INVALID_INPUT'],
      [{ prefix: '10.0.0.0/8', rate: 1e12 }, 'INVALID_INPUT'],
      [{ prefix: '10.0.0.0/8', rate: 1, burst: 0 }, 'INVALID_INPUT'],
    ] as const)('refuse %j', async (input, code) => {
      await rejection(use().limits.add(input), code);
      expect(await use().limits.list()).toEqual([]);
    });
  });

  describe('open ports', () => {
    it('are opened, listed and closed', async () => {
      const { ports } = use();
      const port = { ports: '8080-8090', protocol: 'tcp', source: 'user', createdAt: isoTime };
      expect(await ports.open('8080-8090/tcp')).toEqual({ change: 'added', port });
      expect(await ports.open('8080-8090/tcp')).toMatchObject({ change: 'unchanged' });
      await ports.open('53');
      expect(await ports.list()).toMatchObject([port, { ports: '53', protocol: 'any' }]);
      await ports.close('8080-8090/tcp');
      expect(await ports.list()).toMatchObject([{ ports: '53' }]);
      expect((await rejection(ports.close('53/udp'), 'NOT_FOUND')).hint).toContain('53');
    });

    it('are opened and closed as one change, all or none', async () => {
      const { ports } = use();
      const edited = await ports.edit({ open: ['80', '443/tcp', '80'], close: [] });
      expect(edited.opened.map(({ change, port }) => [change, port.ports, port.protocol])).toEqual([
        ['added', '80', 'any'],
        ['added', '443', 'tcp'],
        ['unchanged', '80', 'any'],
      ]);
      await rejection(ports.edit({ open: ['22', 'ssh'], close: [] }), 'INVALID_PORT');
      await rejection(ports.edit({ open: ['22'], close: ['80', '8080'] }), 'NOT_FOUND');
      expect((await ports.list()).map((one) => one.ports).sort()).toEqual(['443', '80']);
      await ports.edit({ open: ['22', '80'], close: ['80', '443/tcp'] });
      expect((await ports.list()).map((one) => one.ports).sort()).toEqual(['22', '80']);
      await ports.edit({ open: [], close: ['22', '80'] }, { confirm: 60 });
      expect(await use().config.pending()).toMatchObject({ what: 'close port 22, close port 80' });
      await use().config.rollback();
      expect((await ports.list()).map((one) => one.ports).sort()).toEqual(['22', '80']);
      expect(await ports.edit({ open: ['22'], close: [] }, { confirm: 60 })).toMatchObject({
        opened: [{ change: 'unchanged' }],
      });
      expect(await use().config.pending()).toBeNull();
    });

    it.each(['', '0', '65536', '90-80', '80/sctp', 'ssh'])('refuse "%s"', async (spec) => {
      await rejection(use().ports.open(spec), 'INVALID_PORT');
      await rejection(use().ports.close(spec), 'INVALID_PORT');
    });

    it('are suggested with socket and process, the open ones left out', async () => {
      for (const one of await use().ports.suggest()) {
        expect(one).toEqual({
          port: expect.any(Number),
          protocol: expect.stringMatching(/^(tcp|udp)$/),
          address: expect.any(String),
          process: one.process === null ? null : expect.any(String),
        });
      }
    });
  });

  describe('ip+port rules', () => {
    const allow = { prefix: '10.0.0.0/8', ports: '5432', protocol: 'tcp', action: 'allow' } as const;

    it('are added, changed, listed and removed', async () => {
      const { ports } = use();
      const rule = { ...allow, reason: '', source: 'user', createdAt: isoTime };
      expect(await ports.addRule(allow)).toEqual({ change: 'added', rule });
      expect(await ports.addRule(allow)).toMatchObject({ change: 'unchanged' });
      const denied = { ...allow, action: 'deny', reason: 'no more' } as const;
      expect(await ports.addRule(denied)).toMatchObject({ change: 'replaced' });
      expect(await ports.listRules()).toEqual([{ ...rule, ...denied }]);
      expect(await ports.addRule({ ...allow, action: 'deny' })).toMatchObject({ rule: { reason: 'no more' } });
      expect(await ports.addRule(allow)).toMatchObject({ change: 'replaced', rule: { action: 'allow', reason: '' } });
      await ports.addRule(denied);
      await rejection(ports.removeRule('10.0.0.0/8', '5432', 'udp'), 'NOT_FOUND');
      await ports.removeRule('10.0.0.0/8', '5432', 'tcp');
      expect(await ports.listRules()).toEqual([]);
    });

    it('take the protocol from either side, and are told apart by it', async () => {
      const { ports } = use();
      await ports.addRule({ prefix: '10.0.0.0/8', ports: '53/udp', action: 'allow' });
      await ports.addRule({ prefix: '10.0.0.0/8', ports: '53', protocol: 'tcp', action: 'deny' });
      await ports.addRule({ prefix: '10.0.0.0/8', ports: '53', action: 'deny' });
      expect((await ports.listRules()).map((one) => one.protocol).sort()).toEqual(['any', 'tcp', 'udp']);
      await rejection(
        ports.addRule({ prefix: '10.0.0.0/8', ports: '53/udp', protocol: 'tcp', action: 'deny' }),
        'INVALID_PORT',
      );
      await ports.removeRule('10.0.0.0/8', '53');
      expect(await ports.listRules()).toEqual([]);
    });

    it('refuse what is none', async () => {
      const { ports } = use();
      await rejection(ports.addRule({ ...allow, prefix: 'x' }), 'INVALID_ADDRESS');
      await rejection(ports.addRule({ ...allow, ports: '99999' }), 'INVALID_PORT');
      await rejection(ports.addRule({ ...allow, reason: 'x'.repeat(64) }), 'INVALID_INPUT');
      expect(await ports.listRules()).toEqual([]);
    });
  });

  describe('clear and reset', () => {
    it('remove the entries of a list, or of both', async () => {
      const { rules } = use();
      await rules.addMany(['192.0.2.1', '192.0.2.0/24', '2001:db8::1'].map((prefix) => ({ list: 'deny', prefix })));
      await rules.add({ list: 'allow', prefix: '192.0.2.1' });
      expect(await rules.clear('deny')).toBe(3);
      expect(await rules.counts()).toEqual({ allow: 1, deny: 0 });
      expect(await rules.clear()).toBe(1);
      expect(await rules.clear()).toBe(0);
    });

    it('remove everything that was made', async () => {
      const { rules, dynamic, limits, ports, system } = use();
      await rules.add({ list: 'deny', prefix: '192.0.2.1' });
      await rules.add({ list: 'allow', prefix: '192.0.2.2' });
      await dynamic.add({ prefix: '192.0.2.3' });
      await limits.add({ prefix: '0.0.0.0/0', rate: 100 });
      await ports.open('80');
      await ports.open('443');
      await ports.addRule({ prefix: '10.0.0.0/8', ports: '80', action: 'deny' });
      expect(await system.reset()).toEqual({ rules: 2, dynamic: 1, limits: 1, ports: 2, ipPortRules: 1 });
      expect(await rules.counts()).toEqual({ allow: 0, deny: 0 });
      expect([await dynamic.list(), await limits.list(), await ports.list(), await ports.listRules()].flat()).toEqual(
        [],
      );
    });
  });
}
