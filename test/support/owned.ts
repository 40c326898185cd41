import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onCleanup } from './cleanup.ts';
import { runSync } from './process.ts';

const PREFIX = 'nxt';
const OWNED = /^nxt-(\d+)-/;
const NETNS_DIR = '/run/netns';
const BPFFS = '/sys/fs/bpf';

let counter = 0;

/** A name that carries its owner's process id, so that a later run can tell whether it is abandoned. */
export function ownedName(label: string): string {
  counter += 1;
  return `${PREFIX}-${process.pid}-${counter}${label}`;
}

/** A directory under the system's temporary directory, removed on cleanup. */
export function ownedDirectory(label: string): string {
  const directory = mkdtempSync(join(tmpdir(), `${ownedName(label)}-`));
  onCleanup(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** Path of a directory under bpffs that the test may fill; it and its pins are removed on cleanup. */
export function ownedPinPath(label = 'pins'): string {
  if (!existsSync(BPFFS)) mkdirSync(BPFFS);
  if (runSync(['mountpoint', '-q', BPFFS]).status !== 0) runSync(['mount', '-t', 'bpf', 'bpf', BPFFS]);
  const path = join(BPFFS, ownedName(label));
  onCleanup(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

function isAbandoned(name: string): boolean {
  const owner = OWNED.exec(name)?.[1];
  return owner !== undefined && !existsSync(`/proc/${owner}`);
}

const abandonedIn = (directory: string): string[] =>
  existsSync(directory) ? readdirSync(directory).filter(isAbandoned) : [];

/** Kills what still runs in a namespace, then removes it and with it its interfaces. */
export function removeNamespace(name: string): void {
  for (const pid of runSync(['ip', 'netns', 'pids', name]).stdout.split(/\s+/).filter(Boolean)) {
    try {
      process.kill(Number(pid), 'SIGKILL');
    } catch {
      // It has ended meanwhile.
    }
  }
  runSync(['ip', 'netns', 'del', name]);
}

/** Removes what earlier runs left behind: only names of this suite whose owner no longer runs. */
export function sweep(): void {
  for (const name of abandonedIn(NETNS_DIR)) removeNamespace(name);
  for (const directory of [BPFFS, tmpdir()]) {
    for (const name of abandonedIn(directory)) rmSync(join(directory, name), { recursive: true, force: true });
  }
}
