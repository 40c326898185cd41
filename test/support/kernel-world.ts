import { explainCodec } from '../../src/dataplane/layout.ts';
import { type ProgramRunner, XDP_ACTION } from '../../src/ebpf/index.ts';
import { type ReasonName, reasonName, reasonVerdict } from '../../src/model/reasons.ts';
import type { Config, Judgement } from '../model/state.ts';
import { Counts } from './kernel-counts.ts';
import type { KernelFilter, Variant } from './kernel-filter.ts';
import { KernelLists } from './kernel-lists.ts';
import { writePolicy } from './kernel-policy.ts';
import { age } from './kernel-time.ts';
import { DEFAULTS, type Interface, type Setup } from './packet-case.ts';
import type { World } from './packet-world.ts';

const TC_ACT_UNSPEC = -1;
const TC_ACT_OK = 0;
const XDP_MD = { dataEnd: 4, ingressIfindex: 12 } as const;

/** The program in the kernel with the state of a setup. One at a time: they share the filter's maps. */
export class KernelWorld implements World {
  readonly #filter: KernelFilter;
  readonly #variant: Variant;
  readonly #ifindex: Readonly<Record<Interface, number>>;
  readonly #counts: Counts;

  constructor(filter: KernelFilter, setup: Setup, ifindex: Readonly<Record<Interface, number>>) {
    const config: Config = { ...DEFAULTS, ...setup.config };
    this.#filter = filter;
    this.#ifindex = ifindex;
    this.#variant = filter.variant(config);
    const lists = new KernelLists(filter, setup);
    writePolicy(filter, lists, setup, config, ifindex);
    this.#counts = new Counts(filter.map('stats'));
  }

  /**
   * @param guess the reason that is likely, which saves time when it is right
   * @throws Error when the program returned something else than the pass or drop that it counted, or did not count exactly once
   */
  receive(frame: Uint8Array, on: Interface, guess?: ReasonName): Judgement {
    const action = this.#run(this.#variant.ingress, frame, on);
    const { reason, monitored } = this.#counts.advanced(frame.length, guess);
    const verdict = reasonVerdict(reason) === 'drop' && !monitored ? 'drop' : 'pass';
    if (action !== (verdict === 'pass' ? XDP_ACTION.PASS : XDP_ACTION.DROP)) {
      throw new Error(`the program returned ${action} and counted ${reason}${monitored ? ' as monitored' : ''}`);
    }
    return { verdict, reason };
  }

  /** What the explain variant says of a frame; nothing else may notice. */
  explain(frame: Uint8Array, on: Interface): ReasonName | undefined {
    this.#run(this.#variant.explain, frame, on);
    const value = this.#filter.map('explain_result').lookup(new Uint8Array(4));
    return value && reasonName(explainCodec.decode(value).reason);
  }

  /** @throws Error when the program interferes with what this host sends */
  send(frame: Uint8Array): void {
    const action = this.#variant.egress.run(frame) | 0;
    if (action !== TC_ACT_UNSPEC && action !== TC_ACT_OK) throw new Error(`the egress program returned ${action}`);
  }

  wait(seconds: number): void {
    age(this.#filter, seconds);
  }

  /** @throws Error when something was counted besides the packets that were received */
  finish(): void {
    this.#counts.check();
  }

  #run(program: ProgramRunner, frame: Uint8Array, on: Interface): number {
    const context = new DataView(program.context.buffer, program.context.byteOffset);
    context.setUint32(XDP_MD.dataEnd, frame.length, true);
    context.setUint32(XDP_MD.ingressIfindex, this.#ifindex[on], true);
    return program.run(frame);
  }
}
