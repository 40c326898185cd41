import { type Files, nodeFiles } from './files.ts';
import { SealedFile } from './sealed-file.ts';

/** A BPF plugin that shall be in a slot. */
export interface StoredPlugin {
  readonly slot: number;
  /** Absolute path of the object file. */
  readonly file: string;
}

/** Where it is kept which plugins shall be loaded: the kernel forgets them with its maps, for example in a reboot. */
export interface PluginStore {
  /** @throws NetxfwError STORE_DAMAGED, FILE_UNREADABLE */
  load(): readonly StoredPlugin[];
  /** All of them, durably. @throws NetxfwError STORE_WRITE_FAILED; the old ones stay then */
  save(plugins: readonly StoredPlugin[]): void;
}

/** bpf-plugins.json in the state directory; there only while there are plugins. */
export class BpfPluginsFile implements PluginStore {
  readonly #file: SealedFile<readonly StoredPlugin[]>;

  constructor(path: string, files: Files = nodeFiles) {
    this.#file = new SealedFile(path, files, {
      format: 'netxfw-bpf-plugins',
      version: 2,
      unsealed: [1],
      remedy: (name) => `Remove ${name}, then load the plugins again.`,
      encode: (plugins) => ({ plugins }),
      decode: ({ plugins }) => pluginsOf(plugins),
    });
  }

  load(): readonly StoredPlugin[] {
    return this.#file.load() ?? [];
  }

  save(plugins: readonly StoredPlugin[]): void {
    if (plugins.length === 0) this.#file.remove();
    else this.#file.save(plugins);
  }
}

/** Which plugins shall be loaded, until the process ends. */
export class MemoryPlugins implements PluginStore {
  #plugins: readonly StoredPlugin[] = [];

  load(): readonly StoredPlugin[] {
    return this.#plugins;
  }

  save(plugins: readonly StoredPlugin[]): void {
    this.#plugins = plugins;
  }
}

function pluginsOf(plugins: unknown): readonly StoredPlugin[] {
  if (!Array.isArray(plugins)) throw new Error('it has no list of plugins');
  const wrong = plugins.findIndex((plugin) => !isPlugin(plugin));
  if (wrong !== -1) throw new Error(`plugin ${wrong + 1} is incomplete`);
  return plugins;
}

function isPlugin(value: unknown): value is StoredPlugin {
  const { slot, file } = (value ?? {}) as Partial<Record<keyof StoredPlugin, unknown>>;
  return Number.isInteger(slot) && typeof file === 'string' && file.startsWith('/');
}
