import { inNetworkNamespace, interfaceIndex } from '../../src/ebpf/index.ts';
import { Namespace } from './netns.ts';
import { sweep } from './owned.ts';
import { HOST, INTERFACES, type Interface } from './packet-case.ts';

/** A namespace in which the host of all cases stands: its interfaces, addresses and routes (HOST). */
export class KernelHost implements Disposable {
  readonly ifindex: Readonly<Record<Interface, number>>;
  readonly #namespace: Namespace;

  constructor() {
    sweep();
    this.#namespace = new Namespace('host');
    for (const name of INTERFACES) {
      this.#namespace.ip('link', 'add', name, 'type', 'veth', 'peer', 'name', `${name}-peer`);
      this.#namespace.ip('link', 'set', name, 'up');
      this.#namespace.ip('link', 'set', `${name}-peer`, 'up');
      for (const route of HOST.routes[name]) {
        this.#namespace.ip(route.includes(':') ? '-6' : '-4', 'route', 'add', route, 'dev', name);
      }
    }
    for (const [address, name] of Object.entries(HOST.on)) {
      this.#namespace.ip('addr', 'add', address, 'dev', name, 'nodad');
    }
    // The program asks for routes as the loopback interface, and the kernel answers only where forwarding is on.
    for (const family of ['ipv4', 'ipv6']) {
      const result = this.#namespace.runSync(['sysctl', '-qw', `net.${family}.conf.lo.forwarding=1`]);
      if (result.status !== 0) throw new Error(result.stderr);
    }
    const indexes = this.inside(() => INTERFACES.map((name) => [name, interfaceIndex(name)]));
    this.ifindex = Object.fromEntries(indexes) as Record<Interface, number>;
  }

  /** Runs something in the namespace. */
  inside<Result>(operation: () => Result): Result {
    return inNetworkNamespace(`/run/netns/${this.#namespace.name}`, operation);
  }

  [Symbol.dispose](): void {
    this.#namespace.dispose();
  }
}
