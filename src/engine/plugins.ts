import { resolve } from 'node:path';
import { NetxfwError } from '../model/errors.ts';
import type { PluginSlot } from '../model/operations.ts';
import type { PluginStore, StoredPlugin } from '../store/bpf-plugins.ts';
import type { EngineCore } from './core.ts';

/** BPF plugins: in the kernel's slots, and on disk, from where they come back when the kernel has forgotten them. */
export class Plugins {
  readonly #core: EngineCore;
  readonly #store: PluginStore;
  #stored: readonly StoredPlugin[] = [];
  /** What is stored could not be read, so that nothing may be written over it. */
  #unread = false;

  constructor(core: EngineCore, store: PluginStore) {
    this.#core = core;
    this.#store = store;
  }

  /**
   * Loads what shall be loaded and is not. The firewall comes up without a plugin that cannot be loaded.
   * @returns what the operator should know
   */
  restore(): string[] {
    try {
      this.#stored = this.#store.load();
    } catch (error) {
      this.#unread = true;
      const { message, hint } = NetxfwError.from(error);
      return [`${message}: no BPF plugin is loaded from it. ${hint}`];
    }
    const taken = new Set(this.#core.dataplane.plugins().map(({ slot }) => slot));
    return this.#stored.filter(({ slot }) => !taken.has(slot)).flatMap((plugin) => this.#restoreOne(plugin));
  }

  list(): readonly PluginSlot[] {
    return this.#core.dataplane.plugins();
  }

  /** Has the kernel check a plugin and puts it into a slot. */
  load(file: string, slot: number): PluginSlot {
    const { dataplane, events } = this.#core;
    const path = resolve(file);
    try {
      this.#read();
      const plugin = dataplane.loadPlugin(slot, path);
      try {
        this.#keep([...this.#without(slot), { slot, file: path }]);
      } catch (error) {
        dataplane.removePlugin(slot);
        throw error;
      }
      events.emit({ type: 'plugin', action: 'loaded', slot, name: plugin.name });
      return plugin;
    } catch (error) {
      events.emit({ type: 'plugin', action: 'failed', slot, name: path });
      throw error;
    }
  }

  /** Also one that could not be loaded at the start. */
  remove(slot: number): void {
    const { dataplane, events } = this.#core;
    this.#read();
    const loaded = this.list().find((one) => one.slot === slot);
    const stored = this.#stored.find((one) => one.slot === slot);
    if (loaded !== undefined || stored === undefined) dataplane.removePlugin(slot);
    if (stored !== undefined) this.#keep(this.#without(slot));
    events.emit({ type: 'plugin', action: 'removed', slot, name: loaded?.name ?? stored?.file ?? '' });
  }

  #restoreOne({ slot, file }: StoredPlugin): string[] {
    const { dataplane, events } = this.#core;
    try {
      const { name } = dataplane.loadPlugin(slot, file);
      events.emit({ type: 'plugin', action: 'loaded', slot, name });
      return [];
    } catch (error) {
      const { code, message } = NetxfwError.from(error);
      // Nothing is loaded, and so no plugin is either.
      if (code === 'NOT_LOADED') return [];
      events.emit({ type: 'plugin', action: 'failed', slot, name: file });
      return [
        `the BPF plugin ${file} is not in slot ${slot}: ${message}; load it again, or run \`netxfw plugin remove ${slot}\``,
      ];
    }
  }

  /** The file may have been repaired or removed since. @throws NetxfwError STORE_DAMAGED, FILE_UNREADABLE */
  #read(): void {
    if (!this.#unread) return;
    this.#stored = this.#store.load();
    this.#unread = false;
  }

  #without(slot: number): StoredPlugin[] {
    return this.#stored.filter((one) => one.slot !== slot);
  }

  #keep(plugins: readonly StoredPlugin[]): void {
    this.#store.save(plugins);
    this.#stored = plugins;
  }
}
