import { NetxfwError } from '../model/errors.ts';
import type { PluginSlot } from '../model/operations.ts';
import type { EngineCore } from './core.ts';

/** Has the kernel check a BPF plugin and puts it into a slot. */
export function loadPlugin(core: EngineCore, file: string, slot: number): PluginSlot {
  try {
    const plugin = core.dataplane.loadPlugin(slot, file);
    core.events.emit({ type: 'plugin', action: 'loaded', slot, name: plugin.name });
    return plugin;
  } catch (error) {
    core.events.emit({ type: 'plugin', action: 'failed', slot, name: file });
    throw NetxfwError.from(error);
  }
}

export function removePlugin(core: EngineCore, slot: number): void {
  const name = core.dataplane.plugins().find((one) => one.slot === slot)?.name ?? '';
  core.dataplane.removePlugin(slot);
  core.events.emit({ type: 'plugin', action: 'removed', slot, name });
}
