import { readFileSync } from 'node:fs';

/** Of this process's network namespace; sysfs shows those of the namespace it was mounted in. */
const DEVICES = '/proc/thread-self/net/dev';

/** The network interfaces that there are now. */
export function interfaceNames(text: string = readFileSync(DEVICES, 'utf8')): string[] {
  return [...text.matchAll(/^\s*([^\s:]+):/gm)].map(([, name]) => name!);
}
