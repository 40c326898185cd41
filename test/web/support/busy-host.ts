import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BAD4, FW4, GOOD4, GOOD6, PEER_DEVICE } from '../../support/lab.ts';
import { eth, ipv4, packet, payload, tcp, udp } from '../../support/packet.ts';
import { type Background, until } from '../../support/process.ts';
import { startSending } from '../../support/sniffer.ts';
import { datagram } from '../../support/traffic.ts';
import { WebLab } from './web-lab.ts';

/** Packets a second; enough to see, and little enough for a small machine. */
const FLOOD = 2500;
const USUAL = 500;
const SERVICE = 443;
/** A source that nothing denies and that asks for too much. */
export const GREEDY = '192.0.2.200';

/** A host with rules of every kind and ordinary traffic. */
export async function busyHost(): Promise<WebLab> {
  const web = await WebLab.open({
    config: {
      base: { default_deny: true },
      port: {
        allowed_ports: ['443/tcp', '53/udp'],
        ip_port_rules: [{ ip: '198.51.100.0/24', port: 9090, protocol: 'tcp', action: 'allow', reason: 'dashboard' }],
      },
      rate_limit: { rules: [{ ip: '0.0.0.0/0', rate: 200, burst: 400 }] },
      events: { drops_per_second: 100 },
    },
  });
  const { nx, lab } = web;
  await nx.ok(['allow', GOOD4, '--reason', 'operations']);
  await nx.ok(['deny', '203.0.113.0/24', '--reason', 'scanners']);
  await nx.ok(['deny', '192.0.2.66', '--reason', 'ssh brute force', '--ttl', '1d']);
  await nx.ok(['dynamic', 'add', '192.0.2.77', '--reason', 'login failures', '--ttl', '30m']);
  const file = join(nx.directory, 'blocklist.txt');
  writeFileSync(file, Array.from({ length: 50_000 }, (_, i) => blocked(i)).join('\n'));
  await nx.import('deny', file, '--reason', 'blocklist.example');
  await startSending(lab.peer, PEER_DEVICE, ordinary(), { rate: USUAL, rounds: 0 });
  await openConnections(web);
  return web;
}

/** A flood from listed sources, one that asks for too much, and scans. It goes on until it is stopped. */
export function startAttack({ lab }: WebLab): Promise<Background> {
  return startSending(lab.peer, PEER_DEVICE, attack(), { rate: FLOOD, rounds: 0 });
}

const blocked = (i: number): string => `45.${i >> 14}.${(i >> 6) & 255}.${(i & 63) * 4}`;

function attack(): Uint8Array[] {
  const from = (src: string, dport: number, flags = 'S') =>
    packet(eth(), ipv4({ src, dst: FW4 }), tcp({ dport, flags }));
  const listed = Array.from({ length: 60 }, (_, i) => from(blocked(i * 700), 80));
  const greedy = Array.from({ length: 24 }, () => from(GREEDY, SERVICE));
  const scans = [22, 23, 3389, 5900, 8080, 3306].map((port, i) => from(`192.0.2.${10 + (i % 3)}`, port));
  const odd = [from('192.0.2.30', 80, ''), packet(eth(), ipv4({ src: '192.0.2.31', dst: FW4 }), udp({ dport: 1900 }))];
  return [
    ...listed,
    ...greedy,
    ...scans,
    ...odd,
    from('203.0.113.7', 22),
    from('192.0.2.66', 22),
    from('192.0.2.77', 22),
  ];
}

function ordinary(): Uint8Array[] {
  const request = packet(eth(), ipv4({ src: GOOD4, dst: FW4 }), tcp({ dport: SERVICE, flags: 'PA' }), payload(900));
  const visitor = (i: number) =>
    packet(eth(), ipv4({ src: `198.51.100.${20 + i}`, dst: FW4 }), tcp({ dport: SERVICE, flags: 'PA' }), payload(700));
  return [request, request, ...Array.from({ length: 6 }, (_, i) => visitor(i)), datagram(GOOD6)];
}

/** Connections that this host began, so that there are some to show. */
async function openConnections({ lab }: WebLab): Promise<void> {
  lab.peer.start(['/usr/bin/python3', '-m', 'http.server', '8080']);
  await until('a server', () => lab.peer.runSync(['bash', '-c', '</dev/tcp/127.0.0.1/8080']).status === 0);
  for (let i = 0; i < 3; i++) lab.fw.start(['bash', '-c', `exec 3<>/dev/tcp/${BAD4}/8080; sleep 3600`]);
  lab.fw.runSync(['bash', '-c', `echo hello >/dev/udp/${BAD4}/5353`]);
}
