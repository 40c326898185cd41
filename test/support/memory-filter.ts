import type { FilterDriver, PreparedFilter } from '../../src/daemon/filter.ts';
import type { Settings } from '../../src/daemon/settings.ts';
import type { DataPlane } from '../../src/dataplane/dataplane.ts';
import { MemoryDataPlane } from '../../src/dataplane/memory.ts';
import { NetxfwError } from '../../src/model/errors.ts';
import type { Attachment } from '../../src/model/status.ts';

interface Pinned {
  readonly maps: MemoryDataPlane;
  attachments: readonly Attachment[];
}

/** A packet filter on memory that outlives the engines on it, as the kernel's does, one per pin path. */
export class MemoryFilter implements FilterDriver {
  readonly pinned = new Map<string, Pinned>();
  /** Interfaces that exist. */
  readonly interfaces = new Set(['eth0', 'eth1']);

  prepare({ config, paths }: Settings): PreparedFilter {
    const found = this.pinned.get(paths.pinPath);
    const pinned: Pinned = found ?? { maps: new MemoryDataPlane(), attachments: [] };
    this.pinned.set(paths.pinPath, pinned);
    return {
      dataplane: handle(pinned),
      adopted: found !== undefined,
      notices: [],
      attach: () => {
        pinned.maps.configure(config);
        pinned.attachments = config.base.interfaces.map((name, i) => this.#attachment(name, i + 2));
      },
    };
  }

  open({ paths }: Settings): DataPlane | null {
    const pinned = this.pinned.get(paths.pinPath);
    return pinned === undefined ? null : handle(pinned);
  }

  unload(pinPath: string): readonly string[] {
    const attachments = this.pinned.get(pinPath)?.attachments ?? [];
    this.pinned.delete(pinPath);
    return attachments.map((attachment) => attachment.interface);
  }

  #attachment(name: string, ifindex: number): Attachment {
    if (!this.interfaces.has(name)) throw new NetxfwError('INTERFACE_UNKNOWN', `there is no interface ${name}`);
    return { interface: name, ifindex, mode: 'native', note: null };
  }
}

/** One process's view of the maps: closing it leaves them. */
function handle(pinned: Pinned): DataPlane {
  const own: Partial<DataPlane> = { attachments: () => pinned.attachments, close: () => {} };
  return new Proxy<DataPlane>(pinned.maps, {
    get(maps, name) {
      const value = Reflect.get(own, name) ?? Reflect.get(maps, name, maps);
      return typeof value === 'function' ? value.bind(maps) : value;
    },
  });
}
