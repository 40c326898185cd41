import type { ListeningSocket, PortSuggestion } from '../model/open-ports.ts';
import { parseAddress } from '../model/prefixes.ts';
import type { EngineCore } from './core.ts';
import { isLoopback } from './lockout.ts';
import { effective } from './policy-state.ts';

/** Sockets that others could reach if their port were open: each port and protocol once. */
export function suggestPorts(core: EngineCore, sockets: readonly ListeningSocket[]): PortSuggestion[] {
  const open = effective(core.policy, 'ports');
  const isOpen = ({ port, protocol }: ListeningSocket) =>
    (protocol === 'tcp' && core.policy.failsafe.includes(port)) ||
    open.some((one) => one.from <= port && port <= one.to && (one.protocol === 'any' || one.protocol === protocol));
  const found = new Map<string, PortSuggestion>();
  for (const socket of sockets) {
    const key = `${socket.port}/${socket.protocol}`;
    if (!found.has(key) && !isLoopback(parseAddress(socket.address)) && !isOpen(socket)) found.set(key, socket);
  }
  return [...found.values()].sort((a, b) => a.port - b.port || (a.protocol < b.protocol ? -1 : 1));
}
