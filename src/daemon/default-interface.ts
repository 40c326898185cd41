import { readFileSync } from 'node:fs';
import { NetxfwError } from '../model/errors.ts';

/** Of this process's network namespace, not of its main thread's: /proc/net is a link to them. */
const ROUTES4 = '/proc/thread-self/net/route';
const ROUTES6 = '/proc/thread-self/net/ipv6_route';

interface Route {
  readonly interface: string;
  readonly metric: number;
}

/**
 * The interface of the default route: IPv4's, else IPv6's.
 * @throws NetxfwError INTERFACE_UNKNOWN when there is none
 */
export function defaultInterface(): string {
  const route = best(defaultRoutes4(read(ROUTES4))) ?? best(defaultRoutes6(read(ROUTES6)));
  if (route !== undefined) return route.interface;
  throw new NetxfwError('INTERFACE_UNKNOWN', 'there is no default route that would name an interface', {
    hint: 'Name one with -i or base.interfaces; `ip link` lists them.',
  });
}

/** Lines of /proc/net/route: Iface Destination Gateway Flags RefCnt Use Metric Mask ..., numbers in hex. */
export function defaultRoutes4(text: string): Route[] {
  return rows(text).flatMap(([name, destination, , flags, , , metric, mask]) => {
    const isDefault = destination === '00000000' && mask === '00000000' && isUsable(flags);
    return isDefault ? [{ interface: name!, metric: Number(metric) }] : [];
  });
}

/** Lines of /proc/net/ipv6_route: Destination Length Source Length Gateway Metric RefCnt Use Flags Iface, all in hex. */
export function defaultRoutes6(text: string): Route[] {
  return rows(text).flatMap(([destination, length, , , , metric, , , flags, name]) => {
    const isDefault = /^0{32}$/.test(destination!) && length === '00' && isUsable(flags) && name !== 'lo';
    return isDefault ? [{ interface: name!, metric: Number.parseInt(metric!, 16) }] : [];
  });
}

const RTF_UP = 0x1;
const RTF_REJECT = 0x200;

function isUsable(flags: string | undefined): boolean {
  const bits = Number.parseInt(flags ?? '0', 16);
  return (bits & RTF_UP) !== 0 && (bits & RTF_REJECT) === 0;
}

function rows(text: string): string[][] {
  return text
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields.length >= 8);
}

function best(routes: readonly Route[]): Route | undefined {
  return routes.toSorted((a, b) => a.metric - b.metric)[0];
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
