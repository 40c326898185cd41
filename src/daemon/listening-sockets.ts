import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { ListeningSocket } from '../model/open-ports.ts';
import { formatPrefix, prefixFromBytes } from '../model/prefixes.ts';

/** States in /proc/net, see include/net/tcp_states.h: a UDP socket that is connected to nobody is in TCP_CLOSE. */
const WAITING = { tcp: '0A', udp: '07' } as const;
const TABLES = [
  ['tcp', 'tcp'],
  ['tcp6', 'tcp'],
  ['udp', 'udp'],
  ['udp6', 'udp'],
] as const;

/** The sockets of this network namespace that wait for others, from /proc/net, and the processes that hold them. */
export function listeningSockets(proc = '/proc'): readonly ListeningSocket[] {
  const rows = TABLES.flatMap(([table, protocol]) =>
    textOf(join(proc, 'self/net', table))
      .split('\n')
      .slice(1)
      .flatMap((line) => rowOf(line, protocol)),
  );
  const names = processesBySocket(proc, new Set(rows.map(({ inode }) => inode)));
  return rows.map(({ inode, ...socket }) => ({ ...socket, process: names.get(inode) ?? null }));
}

function rowOf(line: string, protocol: 'tcp' | 'udp') {
  const [, local, remote, state, , , , , , inode] = line.trim().split(/\s+/);
  if (local === undefined || remote === undefined || inode === undefined || state !== WAITING[protocol]) return [];
  const port = portOf(local);
  // A UDP socket that talks to somebody waits for nobody else.
  if (port === 0 || portOf(remote) !== 0) return [];
  return [{ protocol, port, address: addressOf(local.split(':')[0]!), inode }];
}

const portOf = (text: string): number => Number.parseInt(text.split(':')[1] ?? '', 16);

/** Words of four bytes, each in the machine's byte order. */
function addressOf(hex: string): string {
  const words = (hex.match(/.{8}/g) ?? []).map((word) => Number.parseInt(word, 16));
  const bytes = new Uint8Array(Uint32Array.from(words).buffer);
  const mapped = bytes.length === 16 ? bytes : Uint8Array.of(...new Uint8Array(10), 0xff, 0xff, ...bytes);
  return formatPrefix(prefixFromBytes(mapped));
}

/** Names of processes by the inode of a socket that they hold. */
function processesBySocket(proc: string, inodes: ReadonlySet<string>): Map<string, string> {
  const names = new Map<string, string>();
  for (const pid of namesIn(proc).filter((name) => /^\d+$/.test(name))) {
    for (const fd of namesIn(join(proc, pid, 'fd'))) {
      const inode = /^socket:\[(\d+)\]$/.exec(linkOf(join(proc, pid, 'fd', fd)))?.[1];
      if (inode === undefined || !inodes.has(inode) || names.has(inode)) continue;
      names.set(inode, textOf(join(proc, pid, 'comm')).trim());
    }
  }
  return names;
}

/** What a process has may be gone at any moment. */
function orElse<T>(work: () => T, otherwise: T): T {
  try {
    return work();
  } catch {
    return otherwise;
  }
}

const namesIn = (directory: string): string[] => orElse(() => readdirSync(directory), []);
const linkOf = (path: string): string => orElse(() => readlinkSync(path), '');
const textOf = (path: string): string => orElse(() => readFileSync(path, 'utf8'), '');
