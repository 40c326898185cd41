import { readFileSync } from 'node:fs';
import { parseAddress } from '../model/prefixes.ts';

type Variables = Readonly<Record<string, string | undefined>>;

/** Parents are few; a table of processes that loops must not hold a command up. */
const MAX_PARENTS = 32;

/**
 * The addresses at the other end of the caller's own ssh sessions, which a change must not cut. sudo drops the variables
 * that name them, so that the parents of this process are asked too.
 */
export function sessionPeers(variables: Variables, parents: Iterable<Variables>): string[] {
  const peers = new Set<string>();
  for (const { SSH_CLIENT, SSH_CONNECTION } of [variables, ...parents]) {
    for (const text of [SSH_CLIENT, SSH_CONNECTION]) {
      const address = text?.trim().split(/\s+/)[0]?.split('%')[0];
      if (address && isAddress(address)) peers.add(address);
    }
  }
  return [...peers];
}

function isAddress(text: string): boolean {
  try {
    parseAddress(text);
    return true;
  } catch {
    return false;
  }
}

/** Who makes the change, for the audit log: the person behind sudo where it is known. */
export function originOf({ SUDO_USER, USER, LOGNAME }: Variables): string {
  const user = SUDO_USER || USER || LOGNAME;
  return user ? `cli:${user}` : 'cli';
}

/** The environment of each parent of a process that this one may look at, the nearest first. */
export function* parentVariables(pid: number = process.ppid, proc = '/proc'): Generator<Variables> {
  let at = pid;
  for (let i = 0; i < MAX_PARENTS && at > 1; i++) {
    const variables = read(`${proc}/${at}/environ`);
    if (variables !== null) yield Object.fromEntries(variables.split('\0').map(pair));
    at = Number(/^PPid:\s*(\d+)$/m.exec(read(`${proc}/${at}/status`) ?? '')?.[1] ?? 0);
  }
}

function pair(text: string): [name: string, value: string] {
  const at = text.indexOf('=');
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
