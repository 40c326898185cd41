import { dirname } from 'node:path';
import { KernelDataPlane } from '../dataplane/kernel.ts';
import { unload } from '../dataplane/unload.ts';
import { isBpffs } from '../ebpf/index.ts';
import { NetxfwError } from '../model/errors.ts';
import type { Paths } from '../model/paths.ts';
import type { FilterDriver } from './filter.ts';
import { chooseInterface } from './remembered-interface.ts';

/** The packet filter of this host's kernel. */
export const kernelFilter: FilterDriver = {
  prepare({ config, paths }) {
    refuseMountPoint(paths.pinPath);
    const { interfaces, xdp_mode } = config.base;
    const choice = interfaces.length > 0 ? null : chooseInterface(paths.interfaceFile);
    const wanted = choice === null ? interfaces : [choice.interface];
    const dataplane = KernelDataPlane.load({
      pinPath: paths.pinPath,
      config,
      defaultInterfaces: () => defaultInterfaces(paths),
    });
    const early = choice?.remembered
      ? [`there is no default route yet: filtering on ${choice.interface}, which had it last`]
      : [];
    return {
      dataplane,
      adopted: dataplane.adopted,
      notices: [...dataplane.notices, ...early],
      attach: () => {
        dataplane.attach({ interfaces: wanted, mode: xdp_mode });
      },
    };
  },

  open: ({ paths }) =>
    KernelDataPlane.open(paths.pinPath, { defaultInterfaces: () => defaultInterfaces(paths) }) ?? null,

  unload(pinPath) {
    refuseMountPoint(pinPath);
    // Unloading removes files: never where a mistaken configuration might point to.
    return isBpffs(pinPath) ? unload(pinPath) : [];
  },
};

function defaultInterfaces({ interfaceFile }: Paths): readonly string[] {
  return [chooseInterface(interfaceFile).interface];
}

/** Every program on the host may have pins at the top of the file system. */
function refuseMountPoint(pinPath: string): void {
  if (!isBpffs(pinPath) || isBpffs(dirname(pinPath))) return;
  throw new NetxfwError('CONFIG_INVALID', `base.bpf_pin_path: ${pinPath} is the whole bpf file system`, {
    hint: `Name a directory below it, such as ${pinPath}/netxfw.`,
  });
}
