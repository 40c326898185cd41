import { BpfError } from './errors.ts';
import { lastErrno, libc } from './library.ts';
import { readText } from './memory.ts';

const IF_NAMESIZE = 16;

/**
 * The index of an interface in the current network namespace.
 * @throws BpfError INTERFACE_UNKNOWN
 */
export function interfaceIndex(name: string): number {
  const index = libc().if_nametoindex(name);
  if (index === 0) throw new BpfError('find interface', lastErrno(), { subject: name, code: 'INTERFACE_UNKNOWN' });
  return index;
}

/** @returns undefined when the current network namespace has no such interface */
export function interfaceName(index: number): string | undefined {
  const name = new Uint8Array(IF_NAMESIZE);
  return libc().if_indextoname(index, name) === null ? undefined : readText(name);
}
