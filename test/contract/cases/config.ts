import { describe, expect, it } from 'vitest';
import { rejection, type Use } from './support.ts';

/** The configuration: as a text, in force, and waiting for confirmation. */
export function configContract(use: Use): void {
  /** The present text with more at its end, so that paths of the instance stay. */
  const with_ = async (more: string) => `${(await use().config.get()).yaml}\n# mine\n${more}\n`;

  describe('config', () => {
    it('is text, values and an etag', async () => {
      const { config, etag, file } = await use().config.get();
      expect(config.conntrack.max_entries).toBe(100_000);
      expect(etag).toMatch(/^"[0-9a-f]{32}"$/);
      expect(file).toContain('config.yaml');
    });

    it('is checked without being followed', async () => {
      const { config } = use();
      const { etag } = await config.get();
      expect(await config.validate(await with_('rate_limit: { auto_block: true }'))).toEqual({
        kind: 'incremental',
        changes: ['rate_limit.auto_block: false -> true'],
      });
      expect(await config.validate(await with_('capacity: { lock_list: 1000 }'))).toMatchObject({ kind: 'full' });
      expect(await config.validate(await with_(''))).toEqual({ kind: 'none', changes: [] });
      const error = await rejection(config.validate(await with_('rate_limit: { nonsense: 1 }')), 'CONFIG_INVALID');
      expect(error.message).toMatch(/:\d+: .*nonsense/);
      expect((await config.get()).etag).toBe(etag);
    });

    it('is replaced and followed', async () => {
      const { config, limits, ports, rules } = use();
      const yaml = await with_(
        'whitelist: [192.0.2.9]\nport: { allowed_ports: [80] }\nrate_limit: { rules: [{ ip: 10.0.0.0/8, rate: 5, burst: 6 }] }',
      );
      const result = await config.replace(yaml, { etag: (await config.get()).etag });
      expect(result).toMatchObject({ kind: 'incremental', pending: null, notices: [] });
      expect(result.changes).toEqual([
        'port.allowed_ports: [] -> [80]',
        'whitelist: [] -> [192.0.2.9]',
        'rate_limit.rules: [] -> [{ip:10.0.0.0/8, rate:5, burst:6}]',
      ]);
      expect((await config.get()).yaml).toBe(yaml);
      expect((await rules.list()).rules).toMatchObject([{ prefix: '192.0.2.9', source: 'config' }]);
      expect(await ports.list()).toMatchObject([{ ports: '80', source: 'config' }]);
      expect(await limits.list()).toMatchObject([{ prefix: '10.0.0.0/8', rate: 5, burst: 6, source: 'config' }]);
    });

    it('is not replaced when it is another one by now', async () => {
      const { config } = use();
      const { etag, yaml } = await config.get();
      await config.set({ 'base.icmp_rate': 7 });
      const error = await rejection(config.replace(yaml, { etag }), 'CONFLICT');
      expect(error.details).toMatchObject({ etag: (await config.get()).etag });
      expect((await config.get()).config.base.icmp_rate).toBe(7);
    });

    it('that is broken changes nothing', async () => {
      const { config } = use();
      const before = await config.get();
      await rejection(config.replace(await with_('mode: whatever')), 'CONFIG_INVALID');
      await rejection(config.set({ 'base.nonsense': 1 }), 'CONFIG_INVALID');
      expect(await config.get()).toEqual(before);
    });

    it('keeps its comments when keys are set', async () => {
      const { config } = use();
      await config.replace(await with_('events: { enabled: true } # all of them'));
      expect(await config.set({ 'events.enabled': false, 'base.icmp_rate': 50 })).toMatchObject({
        kind: 'incremental',
        changes: ['base.icmp_rate: 100 -> 50', 'events.enabled: true -> false'],
      });
      const { yaml, config: values } = await config.get();
      expect(yaml).toContain('# mine\n');
      expect(yaml).toContain('{ enabled: false } # all of them');
      expect(values.events.enabled).toBe(false);
    });

    it('says what kind of reload it was, and why', async () => {
      const { config } = use();
      expect(await config.reload()).toMatchObject({ kind: 'none', changes: [], pending: null });
      const full = await config.set({ 'capacity.lock_list': 5000 });
      expect(full).toMatchObject({ kind: 'full', because: 'capacity.lock_list changed' });
      expect(full.milliseconds).toBeGreaterThan(0);
    });

    it('says what waits for a restart', async () => {
      const { notices, kind } = await use().config.set({ 'logging.path': '/tmp/netxfw-contract.log' });
      expect(kind).toBe('none');
      expect(notices).toEqual([expect.stringMatching(/^logging\.path takes effect when netxfw is restarted/)]);
    });

    it('has what commands may not change, and hides what they made', async () => {
      const { config, limits, ports } = use();
      await limits.add({ prefix: '10.0.0.0/8', rate: 100 });
      await ports.open('80');
      await config.set({
        'rate_limit.rules': [{ ip: '10.0.0.0/8', rate: 5, burst: 6 }],
        'port.allowed_ports': [80],
        'port.ip_port_rules': [{ ip: '10.0.0.0/8', port: 22, action: 'allow' }],
      });
      expect(await limits.list()).toMatchObject([{ rate: 5, source: 'config' }]);
      await rejection(limits.add({ prefix: '10.0.0.0/8', rate: 100 }), 'CONFLICT');
      await rejection(limits.remove('10.0.0.0/8'), 'CONFLICT');
      await rejection(ports.close('80'), 'CONFLICT');
      await rejection(ports.removeRule('10.0.0.0/8', '22'), 'CONFLICT');
      await config.set({ 'rate_limit.rules': [], 'port.allowed_ports': [] });
      expect(await limits.list()).toMatchObject([{ rate: 100, source: 'user' }]);
      expect(await ports.list()).toMatchObject([{ ports: '80', source: 'user' }]);
    });

    it('gets what commands have made on request', async () => {
      const { config, limits, ports, rules } = use();
      await rules.add({ list: 'allow', prefix: '192.0.2.1' });
      await rules.add({ list: 'allow', prefix: '192.0.2.2', ttl: 60 });
      await rules.add({ list: 'deny', prefix: '192.0.2.3' });
      await limits.add({ prefix: '10.0.0.0/8', rate: 100 });
      await ports.open('443/tcp');
      await ports.addRule({ prefix: '10.0.0.0/8', ports: '22', protocol: 'tcp', action: 'allow', reason: 'office' });
      expect(await config.syncToConfig()).toEqual({ copied: 4 });
      expect((await config.get()).config).toMatchObject({
        whitelist: ['192.0.2.1'],
        port: {
          allowed_ports: ['443/tcp'],
          ip_port_rules: [{ ip: '10.0.0.0/8', port: 22, protocol: 'tcp', action: 'allow', reason: 'office' }],
        },
        rate_limit: { rules: [{ ip: '10.0.0.0/8', rate: 100, burst: 200 }] },
      });
      expect(await config.syncToConfig()).toEqual({ copied: 0 });
      expect(await config.syncToMap()).toEqual({ added: 0, removed: 0 });
    });
  });

  describe('a change to be confirmed', () => {
    it('waits, and is undone on request', async () => {
      const { config, rules, limits, ports } = use();
      await rules.add({ list: 'deny', prefix: '192.0.2.1', reason: 'old' });
      expect(await config.pending()).toBeNull();
      await rules.addMany(
        [
          { list: 'deny', prefix: '192.0.2.1', reason: 'new' },
          { list: 'deny', prefix: '192.0.2.2' },
        ],
        { confirm: 60 },
      );
      expect(await config.pending()).toMatchObject({ deadline: expect.any(String), what: 'add 2 rules' });
      await rejection(limits.add({ prefix: '10.0.0.0/8', rate: 1 }, { confirm: 60 }), 'CONFLICT');
      await rules.add({ list: 'deny', prefix: '192.0.2.3' });
      expect((await config.rollback()).because).toContain('add 2 rules was undone');
      const left = (await rules.list({ sort: 'prefix' })).rules.map(({ prefix, reason }) => `${prefix} ${reason}`);
      expect(left).toEqual(['192.0.2.1 old', '192.0.2.3 ']);
      expect(await config.pending()).toBeNull();
      await rejection(config.rollback(), 'NOT_FOUND');
      await ports.open('80', { confirm: 60 });
      await config.rollback();
      expect(await ports.list()).toEqual([]);
    });

    it('takes later changes of the same entries back with it, and says so', async () => {
      const { config, rules, ports } = use();
      await rules.add({ list: 'deny', prefix: '192.0.2.1', reason: 'old' });
      await rules.add({ list: 'deny', prefix: '192.0.2.1', reason: 'new' }, { confirm: 60 });
      await rules.add({ list: 'deny', prefix: '192.0.2.1', reason: 'newest' });
      await rules.add({ list: 'deny', prefix: '192.0.2.2' });
      expect((await config.rollback()).because).toBe(
        'deny 192.0.2.1 was undone, and so is a later change of deny 192.0.2.1',
      );
      const left = (await rules.list({ sort: 'prefix' })).rules.map(({ prefix, reason }) => `${prefix} ${reason}`);
      expect(left).toEqual(['192.0.2.1 old', '192.0.2.2 ']);
      await ports.edit({ open: ['80', '81'], close: [] }, { confirm: 60 });
      await ports.edit({ open: ['82'], close: ['80'] });
      await ports.open('80');
      expect((await config.rollback()).because).toMatch(
        /was undone, and so are 2 later changes of the same entries, such as port 80$/,
      );
      expect((await ports.list()).map((one) => one.ports)).toEqual(['82']);
      await ports.open('90', { confirm: 60 });
      expect((await config.rollback()).because).toBe('open port 90 was undone');
    });

    it('stays once it is confirmed', async () => {
      const { config, limits } = use();
      await limits.add({ prefix: '10.0.0.0/8', rate: 1 }, { confirm: 60 });
      await config.confirm();
      expect(await config.pending()).toBeNull();
      expect(await limits.list()).toHaveLength(1);
      await rejection(config.confirm(), 'NOT_FOUND');
    });

    it('is undone when its time is over', async () => {
      const { config, ports } = use();
      await ports.open('80', { confirm: 1 });
      await expect.poll(() => ports.list(), { timeout: 15_000, interval: 50 }).toEqual([]);
      expect(await config.pending()).toBeNull();
    });

    it('is the whole configuration, and its file comes back', async () => {
      const { config } = use();
      const before = await config.get();
      const result = await config.set({ 'base.default_deny': true }, { confirm: 60 });
      expect(result.pending).toMatchObject({ what: 'set base.default_deny' });
      expect((await config.get()).config.base.default_deny).toBe(true);
      expect(await config.rollback()).toMatchObject({ kind: 'incremental', pending: null });
      expect(await config.get()).toEqual(before);
    });

    it('may be the copy of rules into the file', async () => {
      const { config, ports } = use();
      const before = await config.get();
      await ports.open('80');
      expect(await config.syncToConfig({ confirm: 60 })).toEqual({ copied: 1 });
      expect(await config.pending()).toMatchObject({ what: 'copy rules into the configuration' });
      expect((await config.get()).config.port.allowed_ports).toEqual([80]);
      await config.rollback();
      expect(await config.get()).toEqual(before);
      expect(await ports.list()).toMatchObject([{ ports: '80', source: 'user' }]);
    });

    it('that fails does not wait', async () => {
      const { config, ports } = use();
      await rejection(ports.open('nonsense', { confirm: 60 }), 'INVALID_PORT');
      await rejection(config.set({ 'base.nonsense': 1 }, { confirm: 60 }), 'CONFIG_INVALID');
      expect(await config.pending()).toBeNull();
    });
  });
}
