import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { MemoryDataPlane } from '../dataplane/memory.ts';
import { defaultConfig } from '../model/config.ts';
import { NetxfwError } from '../model/errors.ts';
import type { EngineEvent } from '../model/events.ts';
import { EngineCore } from './core.ts';
import { Health } from './health.ts';
import { RefusingStore } from './testing/engine.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Cannot put the filter back. */
class Stubborn extends MemoryDataPlane {
  override heal(): readonly string[] {
    throw new NetxfwError('ATTACH_FAILED', 'eth0: another XDP program is attached');
  }
}

function watched(dataplane = new MemoryDataPlane()) {
  const store = new RefusingStore();
  const core = new EngineCore(dataplane, store, defaultConfig(), Date.now);
  const told: string[] = [];
  core.events.on((event: EngineEvent) => {
    if (event.type === 'health') told.push(`${event.healthy ? '+' : '-'} ${event.message}`);
  });
  const health = new Health(core);
  health.watch(async (work) => work());
  const pass = (milliseconds: number) => vi.advanceTimersByTimeAsync(milliseconds);
  return { dataplane, store, told, health, pass };
}

describe('the watchdog', () => {
  it('tells nothing while everything is in order', async () => {
    const { told, health, pass } = watched();
    await pass(60_000);
    expect(told).toEqual([]);
    expect(health.check().healthy).toBe(true);
    health.close();
  });

  it('puts the filter back and says so', async () => {
    const { dataplane, told, health, pass } = watched();
    dataplane.detach('eth0');
    await pass(3000);
    expect(told).toEqual(['+ the filter was missing on eth0 and is back']);
    expect(health.check().healthy).toBe(true);
    health.close();
  });

  it('tells once what it cannot repair, and once that it is in order again', async () => {
    const { dataplane, told, health, pass } = watched(new Stubborn());
    dataplane.detach('eth0');
    await pass(30_000);
    expect(told).toEqual([
      '- the filter could not be put back: eth0: another XDP program is attached',
      '- no filter is on eth0',
    ]);
    MemoryDataPlane.prototype.heal.call(dataplane);
    await pass(3000);
    expect(told.at(-1)).toBe('+ everything is in order');
    health.close();
  });

  it('sees that rules cannot be stored', async () => {
    const { store, told, health, pass } = watched();
    store.refusing = true;
    await pass(3000);
    expect(told).toEqual(['- the disk is full']);
    expect(health.check().checks.find(({ name }) => name === 'disk')).toMatchObject({
      ok: false,
      hint: expect.stringContaining('free space'),
    });
    store.refusing = false;
    await pass(3000);
    expect(told.at(-1)).toBe('+ everything is in order');
    health.close();
  });

  it('says that the maps cannot be read, with the remedy of the failure', () => {
    const { dataplane, health } = watched();
    vi.spyOn(dataplane, 'health').mockImplementation(() => {
      throw new NetxfwError('NOT_LOADED', 'the maps are gone');
    });
    vi.advanceTimersByTime(1000);
    const { healthy, checks } = health.check();
    expect(healthy).toBe(false);
    expect(checks[0]).toEqual({
      name: 'maps',
      ok: false,
      message: 'the maps are gone',
      hint: 'Load the firewall: netxfw system load',
    });
    health.close();
  });

  it('knows how long work had to wait', async () => {
    const { health, pass } = watched();
    const loop = () => health.check().checks.find(({ name }) => name === 'event loop')!;
    await pass(2000);
    expect(loop().ok).toBe(true);
    // Time passes and no timer fires, as when the process does something long.
    vi.setSystemTime(Date.now());
    const stuck = performance.now() + 9000;
    const clock = vi.spyOn(performance, 'now').mockReturnValue(stuck);
    expect(loop()).toMatchObject({ ok: false, hint: expect.any(String) });
    clock.mockRestore();
    health.close();
  });

  it('is not measured where nothing watches', () => {
    const health = new Health(new EngineCore(new MemoryDataPlane(), new RefusingStore(), defaultConfig(), Date.now));
    expect(health.check().checks.map(({ name }) => name)).toEqual(['maps', 'disk']);
    health.close();
  });
});
