import { closeSync } from 'node:fs';
import { BpfError } from './errors.ts';
import { lastErrno, libc } from './library.ts';
import { HOST_LE, readText } from './memory.ts';

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

const AF_INET = 2;
const SOCK_DGRAM_CLOEXEC = 0o2000002;
const SIOCGIFHWADDR = 0x8927n;
/** struct ifreq: the name, then a struct sockaddr whose family is the type. */
const IFREQ_SIZE = 40;
/** linux/if_arp.h; frames of both have an Ethernet header. */
const ARPHRD = { ETHER: 1, LOOPBACK: 772 } as const;

/**
 * Whether frames of an interface of the current network namespace begin with an Ethernet header; those of tunnels (tun,
 * WireGuard, PPP) begin with the IP header.
 * @throws BpfError INTERFACE_UNKNOWN
 */
export function hasEthernetHeader(name: string): boolean {
  const request = new Uint8Array(IFREQ_SIZE);
  request.set(Buffer.from(name).subarray(0, IF_NAMESIZE - 1));
  const socket = libc().socket(AF_INET, SOCK_DGRAM_CLOEXEC, 0);
  if (socket < 0) throw new BpfError('open socket', lastErrno(), {});
  try {
    if (libc().ioctl(socket, SIOCGIFHWADDR, request) < 0) {
      throw new BpfError('find interface', lastErrno(), { subject: name, code: 'INTERFACE_UNKNOWN' });
    }
  } finally {
    closeSync(socket);
  }
  const type = new DataView(request.buffer).getUint16(IF_NAMESIZE, HOST_LE);
  return type === ARPHRD.ETHER || type === ARPHRD.LOOPBACK;
}
