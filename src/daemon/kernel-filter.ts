import { dirname } from 'node:path';
import { KernelDataPlane } from '../dataplane/kernel.ts';
import { unload } from '../dataplane/unload.ts';
import { isBpffs } from '../ebpf/index.ts';
import { NetxfwError } from '../model/errors.ts';
import { defaultInterface } from './default-interface.ts';
import type { FilterDriver } from './filter.ts';

const defaultInterfaces = () => [defaultInterface()];

/** The packet filter of this host's kernel. */
export const kernelFilter: FilterDriver = {
  prepare({ config, paths }) {
    refuseMountPoint(paths.pinPath);
    const { interfaces, xdp_mode } = config.base;
    const wanted = interfaces.length > 0 ? interfaces : defaultInterfaces();
    const dataplane = KernelDataPlane.load({ pinPath: paths.pinPath, config, defaultInterfaces });
    return {
      dataplane,
      adopted: dataplane.adopted,
      notices: dataplane.notices,
      attach: () => {
        dataplane.attach({ interfaces: wanted, mode: xdp_mode });
      },
    };
  },

  open: ({ paths }) => KernelDataPlane.open(paths.pinPath, { defaultInterfaces }) ?? null,

  unload(pinPath) {
    refuseMountPoint(pinPath);
    // Unloading removes files: never where a mistaken configuration might point to.
    return isBpffs(pinPath) ? unload(pinPath) : [];
  },
};

/** Every program on the host may have pins at the top of the file system. */
function refuseMountPoint(pinPath: string): void {
  if (!isBpffs(pinPath) || isBpffs(dirname(pinPath))) return;
  throw new NetxfwError('CONFIG_INVALID', `base.bpf_pin_path: ${pinPath} is the whole bpf file system`, {
    hint: `Name a directory below it, such as ${pinPath}/netxfw.`,
  });
}
