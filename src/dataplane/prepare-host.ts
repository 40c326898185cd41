import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { isBpffs, mountBpffs } from '../ebpf/index.ts';
import { NetxfwError } from '../model/errors.ts';
import { toNetxfwError } from './failures.ts';

const BPFFS = '/sys/fs/bpf';
/** linux/capability.h: SYS_ADMIN, or BPF and NET_ADMIN. */
const CAP = { NET_ADMIN: 12n, SYS_ADMIN: 21n, BPF: 39n };

/** @throws NetxfwError NOT_ROOT */
export function requireRoot(): void {
  const status = readFileSync('/proc/self/status', 'utf8');
  const effective = BigInt(`0x${/^CapEff:\s*([0-9a-f]+)$/m.exec(status)?.[1] ?? '0'}`);
  const has = (capability: bigint): boolean => ((effective >> capability) & 1n) === 1n;
  if (has(CAP.SYS_ADMIN) || (has(CAP.BPF) && has(CAP.NET_ADMIN))) return;
  throw new NetxfwError('NOT_ROOT', 'loading eBPF programs and reading their maps needs root');
}

/**
 * Makes sure that the pin path is on a bpf file system; mounts the usual one when it is missing.
 * @returns what was done, for the user to know
 * @throws NetxfwError NO_BPFFS
 */
export function requirePinPath(pinPath: string): string[] {
  if (isBpffs(pinPath)) return [];
  if (pinPath !== BPFFS && !pinPath.startsWith(`${BPFFS}/`)) {
    throw new NetxfwError('NO_BPFFS', `${pinPath} is not on a bpf file system`, {
      hint: `Take a path below ${BPFFS} for base.bpf_pin_path, or mount one there: mount -t bpf bpf ${pinPath}`,
    });
  }
  try {
    if (!existsSync(BPFFS)) mkdirSync(BPFFS);
    mountBpffs(BPFFS);
  } catch (cause) {
    const { message } = toNetxfwError(cause);
    throw new NetxfwError('NO_BPFFS', `there is no bpf file system at ${BPFFS}, and mounting one failed: ${message}`, {
      cause,
    });
  }
  return [`mounted a bpf file system at ${BPFFS}`];
}

/**
 * Lets the program ask for routes, in the network namespace of the caller. bpf_fib_lookup answers only for an interface that
 * forwards; the program asks as the loopback interface, on which forwarding moves no packet anywhere.
 * @throws NetxfwError ATTACH_FAILED when the host does not let it: a check that was asked for must not be missing silently
 */
export function allowRouteLookups(): void {
  for (const family of ['ipv4', 'ipv6']) {
    const file = `/proc/sys/net/${family}/conf/lo/forwarding`;
    try {
      if (existsSync(file) && readFileSync(file, 'utf8').trim() !== '1') writeFileSync(file, '1');
    } catch (cause) {
      const name = `net.${family}.conf.lo.forwarding`;
      throw new NetxfwError('ATTACH_FAILED', `base.anti_spoof: strict needs ${name}=1, which cannot be set`, {
        cause,
        hint: `Set it where this host allows it (sysctl -w ${name}=1), or take base.anti_spoof: basic.`,
      });
    }
  }
}
