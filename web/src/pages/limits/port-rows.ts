import type { OpenPort, PortSuggestion } from '../../../../src/model/open-ports.ts';
import { formatPorts, type PortProtocol, parsePorts } from '../../../../src/model/ports.ts';

/** An open port, or one that is not and on which something listens. */
export interface PortRow {
  /** As the API takes it: `443/tcp`. */
  readonly spec: string;
  readonly ports: string;
  readonly protocol: PortProtocol;
  readonly open: boolean;
  readonly listeners: readonly Pick<PortSuggestion, 'process' | 'address'>[];
  /** Null when it is not open. */
  readonly source: string | null;
}

/** Both kinds in the order of their ports. */
export function portRows(open: readonly OpenPort[], suggestions: readonly PortSuggestion[]): PortRow[] {
  const rows = open.map(({ ports, protocol, source }): PortRow => {
    const spec = formatPorts({ ...parsePorts(ports), protocol });
    return { spec, ports, protocol, open: true, listeners: [], source };
  });
  const closed = new Map<string, PortRow>();
  for (const { port, protocol, address, process } of suggestions) {
    const spec = `${port}/${protocol}`;
    const listeners = [...(closed.get(spec)?.listeners ?? []), { process, address }];
    closed.set(spec, { spec, ports: String(port), protocol, open: false, listeners, source: null });
  }
  const first = ({ ports }: PortRow) => Number.parseInt(ports, 10);
  return [...rows, ...closed.values()].sort((a, b) => first(a) - first(b));
}
