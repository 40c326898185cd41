import { Namespace } from './netns.ts';
import { ownedDirectory, sweep } from './owned.ts';

export interface LabOptions {
  readonly mtu?: number;
  /** Addresses with prefix length, IPv4 and IPv6. */
  readonly fw?: readonly string[];
  readonly peer?: readonly string[];
}

/** Device names and link addresses of every lab. */
export const FW_DEVICE = 'nxf0';
export const PEER_DEVICE = 'nxp0';
export const FW_MAC = '02:00:00:00:00:01';
export const PEER_MAC = '02:00:00:00:00:02';

/** Default addresses, all reserved for documentation. The peer is several hosts: good ones and bad ones. */
export const FW4 = '198.51.100.1';
export const FW6 = '2001:db8::1';
export const GOOD4 = '198.51.100.2';
export const BAD4 = '198.51.100.66';
export const GOOD6 = '2001:db8::2';
export const BAD6 = '2001:db8::66';

const DEFAULT_FW = [`${FW4}/24`, `${FW6}/64`];
const DEFAULT_PEER = [`${GOOD4}/24`, `${BAD4}/24`, `${GOOD6}/64`, `${BAD6}/64`];

/** Two hosts and a cable: `fw`, where netxfw runs on FW_DEVICE, and `peer`, where the traffic comes from. */
export class Lab {
  readonly fw: Namespace;
  readonly peer: Namespace;
  /** For configuration, state and run files; removed with the lab. */
  readonly directory: string;
  readonly #options: LabOptions;

  private constructor(options: LabOptions) {
    this.directory = ownedDirectory('lab');
    this.fw = new Namespace('fw');
    this.peer = new Namespace('peer');
    this.#options = options;
    this.plug();
  }

  static create(options: LabOptions = {}): Lab {
    sweep();
    return new Lab(options);
  }

  /** Takes the cable away, and the devices at its ends with it. */
  unplug(): void {
    this.fw.ip('link', 'del', FW_DEVICE);
  }

  /** Connects the hosts, by devices that are new. */
  plug(): void {
    const options = this.#options;
    const mtu = String(options.mtu ?? 1500);
    // One queue each way, so that frames keep their order.
    const queues = ['numtxqueues', '1', 'numrxqueues', '1'];
    const end = (device: string, mac: string): string[] => [device, 'address', mac, 'mtu', mtu, ...queues];
    const peerEnd = ['peer', 'name', ...end(PEER_DEVICE, PEER_MAC), 'netns', this.peer.name];
    this.fw.ip('link', 'add', ...end(FW_DEVICE, FW_MAC), 'type', 'veth', ...peerEnd);
    const fw = options.fw ?? DEFAULT_FW;
    const peer = options.peer ?? DEFAULT_PEER;
    this.#configure(fw, peer);
  }

  #configure(fw: readonly string[], peer: readonly string[]): void {
    const sides = [
      { host: this.fw, device: FW_DEVICE, own: fw, others: peer, otherMac: PEER_MAC },
      { host: this.peer, device: PEER_DEVICE, own: peer, others: fw, otherMac: FW_MAC },
    ];
    for (const { host, device, own } of sides) {
      host.ip('link', 'set', device, 'up');
      for (const address of own) host.ip('addr', 'add', address, 'dev', device, 'nodad');
    }
    // Fixed neighbours: whether a packet arrives must not depend on address resolution.
    for (const { host, device, others, otherMac } of sides) {
      for (const address of others) {
        host.ip('neigh', 'replace', address.split('/')[0]!, 'lladdr', otherMac, 'dev', device, 'nud', 'permanent');
      }
    }
  }

  dispose(): void {
    this.fw.dispose();
    this.peer.dispose();
  }
}
