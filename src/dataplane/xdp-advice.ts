import { readdirSync } from 'node:fs';

interface Advice {
  /** Matches what drivers say when they refuse XDP. */
  readonly says: RegExp;
  command(interfaceName: string, reason: string): string;
}

const numbers = (text: string): number[] => (text.match(/\d+/g) ?? []).map(Number);

/** Receive queues that the interface has now; sysfs shows those of the caller's network namespace. */
function receiveQueues(interfaceName: string): number {
  try {
    return readdirSync(`/sys/class/net/${interfaceName}/queues`).filter((name) => name.startsWith('rx-')).length;
  } catch {
    return 0;
  }
}

const ADVICE: readonly Advice[] = [
  {
    // mlx5, bnxt, ixgbe, qede: packets merged by the card are no frames that XDP could judge.
    says: /\bLRO\b/i,
    command: (name) => `ethtool -K ${name} lro off`,
  },
  {
    // virtio_net, bnxt
    says: /GRO[_-]HW|HW[_-]GRO/i,
    command: (name) => `ethtool -K ${name} rx-gro-hw off`,
  },
  {
    // ena, virtio_net, i40e, veth: XDP wants transmit queues of its own. Some name the most that there can be.
    says: /queue|channel|rings/i,
    command: (name, reason) => {
      const most = Math.max(receiveQueues(name), ...numbers(reason));
      return `ethtool -L ${name} combined ${Math.max(1, Math.floor(most / 2))}`;
    },
  },
  {
    // Nearly all: a frame has to fit into one page with XDP's headroom. Most name the largest MTU that would do.
    // What veth says of its peer is about another interface, maybe in another namespace.
    says: /^(?!peer).*(MTU|frame size|too large|single page)/i,
    command: (name, reason) => {
      const largest = numbers(reason).filter((number) => number >= 1280 && number < 9000);
      return `ip link set dev ${name} mtu ${largest.length === 0 ? 1500 : Math.min(...largest)}`;
    },
  },
];

/**
 * The command that would let a driver accept native XDP.
 * @param reason the driver's own words
 * @returns undefined when no command would help
 */
export function adviseXdp(interfaceName: string, reason: string): string | undefined {
  return ADVICE.find(({ says }) => says.test(reason))?.command(interfaceName, reason);
}
