import { inNetworkNamespace, interfaceIndex } from '../../src/ebpf/index.ts';
import { Namespace } from '../support/netns.ts';

/** Two namespaces with a veth pair between them: `near` (192.0.2.1 on v0) and `far` (192.0.2.2 on v0). */
export class VethPair {
  readonly near = new Namespace('near');
  readonly far = new Namespace('far');
  readonly ifindex: number;

  constructor(mtu = 1500) {
    const { near, far } = this;
    near.ip(
      'link',
      'add',
      'v0',
      'mtu',
      `${mtu}`,
      'type',
      'veth',
      'peer',
      'name',
      'v0',
      'mtu',
      `${mtu}`,
      'netns',
      far.name,
    );
    [near, far].forEach((namespace, i) => {
      namespace.ip('addr', 'add', `192.0.2.${i + 1}/24`, 'dev', 'v0');
      namespace.ip('link', 'set', 'v0', 'up');
    });
    this.ifindex = this.inFar(() => interfaceIndex('v0'));
  }

  /** Runs an attachment in the far namespace. */
  inFar<Result>(operation: () => Result): Result {
    return inNetworkNamespace(`/run/netns/${this.far.name}`, operation);
  }

  /** Whether one of three pings from near to far is answered. */
  async pings(): Promise<boolean> {
    const { status } = await this.near.run(['ping', '-c', '3', '-i', '0.1', '-W', '1', '192.0.2.2']);
    return status === 0;
  }

  dispose(): void {
    this.near.dispose();
    this.far.dispose();
  }
}
