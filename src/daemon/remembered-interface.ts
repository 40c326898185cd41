import { interfaceIndex } from '../ebpf/index.ts';
import { NetxfwError } from '../model/errors.ts';
import { writeFileAtomically } from '../store/atomic-file.ts';
import { damaged } from '../store/damage.ts';
import { directoryOf, nodeFiles } from '../store/files.ts';
import { openText, sealText } from '../store/sealed.ts';
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
    if (!(error instanceof NetxfwError) || error.code !== 'INTERFACE_UNKNOWN') throw error;
    const name = recall(file, error);
    if (name === null || !exists(name)) throw error;
    return { interface: name, remembered: true };
  }
}

/** A disk that takes no more must not keep the filter from coming up. */
function remember(file: string, name: string): void {
  const text = sealText(`${name}\n`);
  try {
    if (nodeFiles.read(file)?.equals(Buffer.from(text))) return;
    nodeFiles.makeDirectory(directoryOf(file), 0o700);
    writeFileAtomically(nodeFiles, file, text);
  } catch {
    // The next start asks again.
  }
}

/** @throws NetxfwError when the file is damaged: a wrong name would leave the right interface open */
function recall(file: string, because: NetxfwError): string | null {
  const bytes = nodeFiles.read(file);
  if (bytes === null) return null;
  try {
    return openText(bytes).trim();
  } catch (error) {
    const { message } = damaged(nodeFiles, file, bytes, NetxfwError.from(error).message, '');
    throw new NetxfwError(because.code, `${because.message}; ${message}`, { hint: because.hint, cause: error });
  }
}

function isInterface(name: string): boolean {
  try {
    return interfaceIndex(name) > 0;
  } catch {
    return false;
  }
}
