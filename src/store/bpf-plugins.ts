import { NetxfwError } from '../model/errors.ts';
import { writeFileAtomically } from './atomic-file.ts';
import { damaged } from './damage.ts';
import { directoryOf, type Files, nodeFiles } from './files.ts';

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

const VERSION = 1;

/** bpf-plugins.json in the state directory; there only while there are plugins. */
export class BpfPluginsFile implements PluginStore {
  readonly #path: string;
  readonly #files: Files;

  constructor(path: string, files: Files = nodeFiles) {
    this.#path = path;
    this.#files = files;
  }

  load(): readonly StoredPlugin[] {
    const bytes = this.#read();
    if (bytes === null) return [];
    const plugins = parse(bytes.toString('utf8'));
    if (typeof plugins !== 'string') return plugins;
    throw damaged(this.#files, this.#path, bytes, plugins, `Remove ${this.#path}, then load the plugins again.`);
  }

  save(plugins: readonly StoredPlugin[]): void {
    try {
      if (plugins.length === 0) {
        this.#files.remove(this.#path);
        return;
      }
      this.#files.makeDirectory(directoryOf(this.#path), 0o700);
      const text = `${JSON.stringify({ version: VERSION, plugins }, null, 2)}\n`;
      writeFileAtomically(this.#files, this.#path, text, { mode: 0o600 });
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw new NetxfwError('STORE_WRITE_FAILED', `${this.#path} cannot be written: ${why}`, { cause: error });
    }
  }

  #read(): Buffer | null {
    try {
      return this.#files.read(this.#path);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw new NetxfwError('FILE_UNREADABLE', `${this.#path} cannot be read: ${why}`, { cause: error });
    }
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

/** @returns the plugins, or what is wrong with the text */
function parse(text: string): readonly StoredPlugin[] | string {
  let document: { readonly version?: unknown; readonly plugins?: unknown } | null;
  try {
    document = JSON.parse(text);
  } catch (error) {
    return `it is no JSON (${(error as Error).message})`;
  }
  if (document?.version !== VERSION) return `its version is ${JSON.stringify(document?.version)}, not ${VERSION}`;
  if (!Array.isArray(document.plugins)) return 'it has no list of plugins';
  const wrong = document.plugins.findIndex((plugin) => !isPlugin(plugin));
  return wrong === -1 ? (document.plugins as StoredPlugin[]) : `plugin ${wrong + 1} is incomplete`;
}

function isPlugin(value: unknown): value is StoredPlugin {
  const { slot, file } = (value ?? {}) as Partial<Record<keyof StoredPlugin, unknown>>;
  return Number.isInteger(slot) && typeof file === 'string' && file.startsWith('/');
}
