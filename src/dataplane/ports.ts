import { PORT_SET } from './layout.ts';
import type { OpenPorts } from './policy-plane.ts';

/** 32-bit words of one set. */
const WORDS = 2048;
const SETS = 3;

/** The open ports and the failsafe ports, in memory that the kernel program reads while it is written. */
export class PortSets {
  readonly #words: Int32Array;

  /** @param memory of the map allowed_ports */
  constructor(memory: ArrayBuffer) {
    this.#words = new Int32Array(memory, 0, SETS * WORDS);
  }

  /** Makes the sets hold exactly these ports. Ports come before others go. */
  set(ports: OpenPorts): void {
    const wanted = bitsOf(ports);
    for (let i = 0; i < wanted.length; i++) {
      if ((wanted[i]! & ~this.#words[i]!) !== 0) Atomics.or(this.#words, i, wanted[i]!);
    }
    for (let i = 0; i < wanted.length; i++) {
      if (this.#words[i] !== wanted[i]) Atomics.store(this.#words, i, wanted[i]!);
    }
  }

  has(set: keyof typeof PORT_SET, port: number): boolean {
    return ((this.#words[PORT_SET[set] * WORDS + wordOf(port)]! >>> (port & 31)) & 1) === 1;
  }
}

function bitsOf({ open, failsafe }: OpenPorts): Int32Array {
  const bits = new Int32Array(SETS * WORDS);
  const add = (set: number, from: number, to: number) => {
    for (let port = from; port <= to; port++) bits[set * WORDS + wordOf(port)]! |= 1 << (port & 31);
  };
  for (const { from, to, protocol } of open) {
    if (protocol !== 'udp') add(PORT_SET.TCP, from, to);
    if (protocol !== 'tcp') add(PORT_SET.UDP, from, to);
  }
  for (const port of failsafe) add(PORT_SET.FAILSAFE_TCP, port, port);
  return bits;
}

const BIG_ENDIAN = new Uint8Array(new Uint16Array([1]).buffer)[1] === 1;

/** The sets are 64-bit words in the machine's byte order: on a big-endian one the halves lie the other way round. */
const wordOf = (port: number): number => (port >>> 5) ^ Number(BIG_ENDIAN);
