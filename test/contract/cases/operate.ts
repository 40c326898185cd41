import { describe, expect, it } from 'vitest';
import type { EngineEvent } from '../../../src/model/events.ts';
import { bytes, isoTime, rejection, type UseSubject } from './support.ts';

/** Any file that exists: what is in it only a kernel could judge. */
const PLUGIN = import.meta.filename;

/** What the engine tells while `act` changes things, until there are `count` events. */
async function eventsOf(use: UseSubject, count: number, act: () => Promise<unknown>): Promise<EngineEvent[]> {
  const stop = new AbortController();
  const seen: EngineEvent[] = [];
  const reading = (async () => {
    for await (const event of use().netxfw.events.engine(stop.signal)) if (seen.push(event) >= count) break;
  })();
  // The reader is there once it gets something; until then it may miss what happens.
  const marks = setInterval(() => void use().netxfw.dynamic.add({ prefix: '203.0.113.99', ttl: 60 }), 10);
  while (seen.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  clearInterval(marks);
  await act();
  await reading;
  stop.abort();
  return seen;
}

export function operateContract(use: UseSubject): void {
  describe('engine events', () => {
    it('tell what changes, and who changed it', async () => {
      const { rules } = use().netxfw;
      const events = await eventsOf(use, 100, async () => {
        await rules.add({ list: 'deny', prefix: '192.0.2.7' }, { origin: 'test' });
        for (let i = 0; i < 100; i++) await use().netxfw.dynamic.add({ prefix: '203.0.113.98' });
      });
      const change = events.find((event) => event.type === 'rules');
      expect(change).toMatchObject({
        list: 'deny',
        added: 1,
        removed: 0,
        prefixes: ['192.0.2.7'],
        origin: expect.any(String),
      });
    });
  });

  describe('plugins', () => {
    it('loads, lists and removes', async () => {
      const { plugins } = use().netxfw;
      expect(await plugins.list()).toEqual([]);
      const plugin = await plugins.load(PLUGIN, 3);
      expect(plugin).toMatchObject({ slot: 3, file: PLUGIN });
      expect(plugin.tag).toMatch(/^[0-9a-f]{16}$/);
      await plugins.load(PLUGIN, 2);
      expect((await plugins.list()).map(({ slot }) => slot)).toEqual([2, 3]);
      await plugins.remove(3);
      expect((await plugins.list()).map(({ slot }) => slot)).toEqual([2]);
    });

    it('refuses a slot that is none, one that is taken, and a file that is not there', async () => {
      const { plugins } = use().netxfw;
      await plugins.load(PLUGIN, 2);
      await rejection(plugins.load(PLUGIN, 1), 'INVALID_INPUT');
      await rejection(plugins.load(PLUGIN, 16), 'INVALID_INPUT');
      await rejection(plugins.load(PLUGIN, 2), 'INVALID_INPUT');
      await rejection(plugins.load('/nowhere/plugin.o', 4), 'FILE_NOT_FOUND');
      await rejection(plugins.remove(9), 'NOT_FOUND');
      await rejection(plugins.remove(99), 'INVALID_INPUT');
      expect((await plugins.list()).map(({ slot }) => slot)).toEqual([2]);
    });

    it('tells explain that it takes no part', async () => {
      const { plugins, explain } = use().netxfw;
      const { name } = await plugins.load(PLUGIN, 2);
      const { description } = await explain.explain({ source: '192.0.2.7', destination: '198.51.100.1' });
      expect(description).toContain(`${name} (slot 2)`);
    });
  });

  describe('perf', () => {
    it('measures what was done, and begins anew', async () => {
      const { perf, explain } = use().netxfw;
      await explain.explain({ source: '192.0.2.7', destination: '198.51.100.1' });
      await explain.explain({ source: '192.0.2.8', destination: '198.51.100.1' });
      const { latency, caches, process } = await perf.get();
      const explained = latency.find(({ operation }) => operation === 'explain');
      expect(explained).toMatchObject({ count: 2, errors: 0 });
      expect(explained!.min).toBeLessThanOrEqual(explained!.max);
      expect(caches.map(({ name }) => name)).toContain('stats');
      expect(process.residentMemory).toBeGreaterThan(process.heapUsed);
      expect(process.uptime).toBeGreaterThan(0);
      await perf.reset();
      const after = (await perf.get()).latency.find(({ operation }) => operation === 'explain');
      expect(after?.count ?? 0).toBe(0);
    });

    it('tells the traffic from two readings', async () => {
      const { netxfw, dataplane } = use();
      await netxfw.rules.add({ list: 'deny', prefix: '192.0.2.7' });
      await netxfw.perf.get();
      const sending = setInterval(() => dataplane.receive('192.0.2.7', 100), 5);
      let figures = (await netxfw.perf.get()).traffic;
      while (figures.dropped.pps === 0) {
        await new Promise((resolve) => setTimeout(resolve, 100));
        figures = (await netxfw.perf.get()).traffic;
      }
      clearInterval(sending);
      expect(figures.interval).toBeGreaterThan(0.4);
      expect(figures.passed).toEqual({ pps: 0, bps: 0 });
      expect(figures.dropped.bps / figures.dropped.pps).toBeCloseTo(800);
      expect(figures.reasons).toEqual([{ reason: 'DROP_DENIED_HOST', verdict: 'drop', ...figures.dropped }]);
    });
  });

  describe('the history of traffic', () => {
    it('has each step once, and only what came since when that is asked for', async () => {
      const { netxfw, dataplane } = use();
      await netxfw.rules.add({ list: 'deny', prefix: '192.0.2.7' });
      const begun = Date.now();
      let { next } = await netxfw.stats.history();
      const steps: number[] = [];
      let packets = 0;
      for (let i = 0; i < 3; i++) dataplane.receive('192.0.2.7', 100);
      while (packets < 3) {
        await new Promise((resolve) => setTimeout(resolve, 100));
        const history = await netxfw.stats.history(next);
        steps.push(...history.at);
        for (const { reason, verdict, packets: counted, bytes } of history.reasons) {
          expect({ reason, verdict }).toEqual({ reason: 'DROP_DENIED_HOST', verdict: 'drop' });
          expect(bytes).toEqual(counted.map((count) => count * 100));
          packets += counted.reduce((sum, count) => sum + count, 0);
        }
        next = history.next;
      }
      expect(packets).toBe(3);
      expect(steps[0]).toBeGreaterThanOrEqual(begun);
      const all = await netxfw.stats.history();
      expect(all.at.slice(0, steps.length)).toEqual(steps);
      expect(all.seconds.length).toBe(all.at.length);
    });
  });

  describe('the audit log', () => {
    it('has every change, done or refused, and who made it, but no secret and nothing that changed nothing', async () => {
      const { rules, tokens, system, explain } = use().netxfw;
      await rules.add({ list: 'deny', prefix: '192.0.2.7', reason: 'scanner' }, { origin: 'cli:alice' });
      const { token } = await tokens.create({ name: 'guest', role: 'read' });
      await rejection(rules.remove('192.0.2.8', 'deny'), 'RULE_NOT_FOUND');
      await rules.import({ list: 'deny', data: bytes('192.0.2.9'), preview: true });
      await explain.explain({ source: '192.0.2.7', destination: '198.51.100.1' });
      const { records, next } = await system.audit();
      expect(next).toBeNull();
      expect(records.map(({ route, outcome }) => [route, outcome])).toEqual([
        ['DELETE /api/rules', 'RULE_NOT_FOUND'],
        ['POST /api/tokens', 'ok'],
        ['POST /api/rules', 'ok'],
      ]);
      expect(records[2]).toMatchObject({
        at: isoTime,
        who: expect.stringContaining('cli:alice'),
        input: '{"list":"deny","prefix":"192.0.2.7","reason":"scanner"}',
      });
      expect(JSON.stringify(records)).not.toContain(token);
    });

    it('is read page by page and searched', async () => {
      const { dynamic, system } = use().netxfw;
      for (let i = 1; i <= 5; i++) await dynamic.add({ prefix: `192.0.2.${i}` });
      const first = await system.audit({ limit: 2 });
      const second = await system.audit({ limit: 3, before: first.next! });
      const addresses = [...first.records, ...second.records].map(({ input }) => JSON.parse(input!).prefix);
      expect(addresses).toEqual([5, 4, 3, 2, 1].map((i) => `192.0.2.${i}`));
      expect(second.next).toBeNull();
      expect((await system.audit({ search: '192.0.2.4' })).records.length).toBe(1);
      await rejection(system.audit({ limit: 0 }), 'INVALID_INPUT');
      await rejection(system.audit({ limit: 501 }), 'INVALID_INPUT');
    });
  });

  describe('the doctor', () => {
    it('has a remedy for every problem', async () => {
      const found = await use().netxfw.system.doctor();
      expect(found.map(({ name }) => name)).toContain('kernel');
      for (const { name, state, message, remedy } of found) {
        expect(name).not.toBe('');
        expect(message).not.toBe('');
        if (state === 'problem') expect(remedy).not.toBeNull();
        if (state === 'ok') expect(remedy).toBeNull();
      }
    });
  });

  describe('health', () => {
    it('names every check, and the remedy of what is not in order', async () => {
      const { netxfw, dataplane } = use();
      const report = await netxfw.health.check();
      expect(report.checks.map(({ name }) => name)).toEqual(expect.arrayContaining(['maps', 'disk']));
      expect(report.healthy).toBe(report.checks.every(({ ok }) => ok));
      expect(report.healthy).toBe(true);
      dataplane.detach('eth0');
      let now = report;
      while (now.healthy) {
        await new Promise((resolve) => setTimeout(resolve, 50));
        now = await netxfw.health.check();
      }
      const broken = now.checks.filter(({ ok }) => !ok);
      expect(broken).toEqual([
        { name: 'filter on eth0', ok: false, message: expect.any(String), hint: expect.any(String) },
      ]);
    });
  });
}
