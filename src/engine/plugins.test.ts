import { describe, expect, it } from 'vitest';
import { MemoryDataPlane } from '../dataplane/memory.ts';
import { defaultConfig } from '../model/config.ts';
import { NetxfwError } from '../model/errors.ts';
import type { EngineEvent } from '../model/events.ts';
import { MemoryPlugins } from '../store/bpf-plugins.ts';
import { MemoryStore } from '../store/memory-store.ts';
import { Engine } from './engine.ts';

const FILE = import.meta.filename;

async function opened(dataplane = new MemoryDataPlane(), plugins = new MemoryPlugins()) {
  const engine = await Engine.open({ dataplane, store: new MemoryStore(), config: defaultConfig(), plugins });
  const told: EngineEvent[] = [];
  engine.events.on((event) => told.push(event));
  return { engine, dataplane, plugins, told };
}

const slots = (engine: Engine) => engine.plugins().map(({ slot, file }) => `${slot} ${file}`);

describe('plugins', () => {
  it('come back when the kernel has forgotten them', async () => {
    const first = await opened();
    await first.engine.loadPlugin(FILE, 3);
    const { engine } = await opened(new MemoryDataPlane(), first.plugins);
    expect(slots(engine)).toEqual([`3 ${FILE}`]);
    expect(engine.warnings).toEqual([]);
  });

  it('are left alone where they are loaded already', async () => {
    const first = await opened();
    const { programId } = await first.engine.loadPlugin(FILE, 3);
    const { engine } = await opened(first.dataplane, first.plugins);
    expect(engine.plugins()[0]!.programId).toBe(programId);
  });

  it('do not keep the firewall from coming up when their file is gone, and can be removed', async () => {
    const plugins = new MemoryPlugins();
    plugins.save([
      { slot: 2, file: '/nowhere/plugin.o' },
      { slot: 4, file: FILE },
    ]);
    const { engine } = await opened(new MemoryDataPlane(), plugins);
    expect(slots(engine)).toEqual([`4 ${FILE}`]);
    expect(engine.warnings).toEqual([expect.stringMatching(/nowhere.*slot 2.*no file.*plugin remove 2/)]);
    await engine.removePlugin(2);
    expect(plugins.load()).toEqual([{ slot: 4, file: FILE }]);
    await expect(engine.removePlugin(2)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('are neither loaded nor removed while it is not known which there shall be', async () => {
    const { load } = MemoryPlugins.prototype;
    const plugins = new MemoryPlugins();
    plugins.save([{ slot: 4, file: FILE }]);
    plugins.load = () => {
      throw new NetxfwError('STORE_DAMAGED', '/s/bpf-plugins.json is damaged', { hint: 'Remove it.' });
    };
    const { engine } = await opened(new MemoryDataPlane(), plugins);
    expect(engine.warnings).toEqual([expect.stringMatching(/bpf-plugins.json is damaged.*no BPF plugin.*Remove it/)]);
    await expect(engine.loadPlugin(FILE, 2)).rejects.toMatchObject({ code: 'STORE_DAMAGED' });
    await expect(engine.removePlugin(4)).rejects.toMatchObject({ code: 'STORE_DAMAGED' });
    plugins.load = load;
    expect(plugins.load()).toEqual([{ slot: 4, file: FILE }]);
    await engine.loadPlugin(FILE, 2);
    expect(plugins.load().map(({ slot }) => slot)).toEqual([4, 2]);
  });

  it('are not loaded when that cannot be stored', async () => {
    const { engine, plugins, told } = await opened();
    plugins.save = () => {
      throw new NetxfwError('STORE_WRITE_FAILED', 'the disk is full');
    };
    await expect(engine.loadPlugin(FILE, 2)).rejects.toMatchObject({ code: 'STORE_WRITE_FAILED' });
    expect(engine.plugins()).toEqual([]);
    expect(told).toMatchObject([{ type: 'plugin', action: 'failed', slot: 2 }]);
  });

  it('are told of', async () => {
    const { engine, told } = await opened();
    const { name } = await engine.loadPlugin(FILE, 2);
    await engine.removePlugin(2);
    expect(told).toMatchObject([
      { type: 'plugin', action: 'loaded', slot: 2, name },
      { type: 'plugin', action: 'removed', slot: 2, name },
    ]);
  });
});
