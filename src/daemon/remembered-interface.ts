import { readFileSync } from 'node:fs';
import { interfaceIndex } from '../ebpf/index.ts';
import { NetxfwError } from '../model/errors.ts';
import { writeFileAtomically } from '../store/atomic-file.ts';
import { directoryOf, nodeFiles } from '../store/files.ts';
import { defaultInterface } from './default-interface.ts';

export interface InterfaceChoice {
  readonly interface: string;
  /** There is no default route: it is the one that had it last. */
  readonly remembered: boolean;
}

/**
 * The interface of the default route, or the one that had it last. At boot a firewall is up before the network is, when
 * no route exists yet.
 * @param file where the name is kept
 * @throws NetxfwError INTERFACE_UNKNOWN when there is no default route and none is remembered that exists
 */
export function chooseInterface(
  file: string,
  ask: () => string = defaultInterface,
  exists: (name: string) => boolean = isInterface,
): InterfaceChoice {
  try {
    const name = ask();
    remember(file, name);
    return { interface: name, remembered: false };
  } catch (error) {
    const name = read(file);
    const noRoute = error instanceof NetxfwError && error.code === 'INTERFACE_UNKNOWN';
    if (!noRoute || name === null || !exists(name)) throw error;
    return { interface: name, remembered: true };
  }
}

/** A disk that takes no more must not keep the filter from coming up. */
function remember(file: string, name: string): void {
  if (read(file) === name) return;
  try {
    nodeFiles.makeDirectory(directoryOf(file), 0o700);
    writeFileAtomically(nodeFiles, file, `${name}\n`);
  } catch {
    // The next start asks again.
  }
}

function read(file: string): string | null {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return null;
  }
}

function isInterface(name: string): boolean {
  try {
    return interfaceIndex(name) > 0;
  } catch {
    return false;
  }
}
