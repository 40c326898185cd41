import { lstatSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { BpfError, unpin } from '../ebpf/index.ts';
import { detachInterface } from './attach-xdp.ts';
import { guarded } from './failures.ts';
import { names, pinnedInterfaces } from './pin-paths.ts';
import { requireRoot } from './prepare-host.ts';

/**
 * Takes the filter off all interfaces, then removes its maps. Reads nothing of the maps, so it works whatever state they
 * are in; nothing there is no error.
 * @returns the interfaces that had a link
 * @throws NetxfwError NOT_ROOT
 */
export function unload(pinPath: string): readonly string[] {
  return guarded(() => {
    requireRoot();
    const interfaces = pinnedInterfaces(pinPath);
    for (const name of interfaces) detachIfPossible(pinPath, name);
    removePins(pinPath);
    return interfaces;
  });
}

/** What cannot be opened or detached ends with its pin all the same. */
function detachIfPossible(pinPath: string, name: string): void {
  try {
    detachInterface(pinPath, name);
  } catch (error) {
    if (!(error instanceof BpfError)) throw error;
  }
}

/** Removes everything below a path on bpffs, and the path itself. */
export function removePins(path: string): void {
  for (const name of names(path)) {
    const entry = join(path, name);
    if (lstatSync(entry).isDirectory()) removePins(entry);
    else unpin(entry);
  }
  try {
    rmdirSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}
