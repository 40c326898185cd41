import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** A map, or a directory, below a pin path. */
export const LINKS = 'links';
/** Where maps that shall replace others are pinned until they are renamed into place. */
export const STAGING = 'staging';

/** What is pinned where. bpffs does not allow dots in names, which interfaces may have (eth0.100). */
export const pinOf = {
  map: (pinPath: string, name: string): string => join(pinPath, name),
  staged: (pinPath: string, name: string): string => join(pinPath, STAGING, name),
  xdp: (pinPath: string, interfaceName: string): string => join(pinPath, LINKS, `xdp-${escaped(interfaceName)}`),
  tcx: (pinPath: string, interfaceName: string): string => join(pinPath, LINKS, `tcx-${escaped(interfaceName)}`),
};

/** Interfaces that have a pinned XDP link. */
export function pinnedInterfaces(pinPath: string): string[] {
  return names(join(pinPath, LINKS))
    .filter((name) => name.startsWith('xdp-'))
    .map((name) => unescaped(name.slice('xdp-'.length)));
}

/** What a directory holds; nothing when it is not there. */
export function names(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

const escaped = (name: string): string => name.replace(/[%.]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`);
const unescaped = (name: string): string =>
  name.replace(/%([0-9a-f]{2})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
