import { NetxfwError } from './errors.ts';
import { say } from './messages.ts';

export type PortProtocol = 'tcp' | 'udp' | 'any';

/** Ports `from` to `to`, both included; `any` means tcp and udp. */
export interface PortRange {
  readonly from: number;
  readonly to: number;
  readonly protocol: PortProtocol;
}

const PATTERN = /^(\d{1,5})(?:-(\d{1,5}))?(?:\/(tcp|udp))?$/;

/**
 * Parses `80`, `443/tcp`, `8080-8090` or `8080-8090/udp`.
 * @throws NetxfwError INVALID_PORT
 */
export function parsePorts(text: string | number): PortRange {
  const match = PATTERN.exec(String(text).trim().toLowerCase());
  const from = Number(match?.[1]);
  const to = Number(match?.[2] ?? match?.[1]);
  if (match === null || from < 1 || to > 65535 || from > to) {
    throw new NetxfwError('INVALID_PORT', say('refused.notPort', { text }));
  }
  return { from, to, protocol: (match[3] as PortProtocol | undefined) ?? 'any' };
}

/** Canonical text: `80`, `443/tcp`, `8080-8090/udp`. */
export function formatPorts(range: PortRange): string {
  const ports = range.from === range.to ? `${range.from}` : `${range.from}-${range.to}`;
  return range.protocol === 'any' ? ports : `${ports}/${range.protocol}`;
}
