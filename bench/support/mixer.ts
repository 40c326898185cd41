import { type BpfMap, BpfObject, type BpfProgram, PROG_FLAG, type ProgramRunner } from '../../src/ebpf/index.ts';
import { Handles } from './handles.ts';
import { benchObject } from './objects.ts';

/** enum mix_mode of bench/bpf/mix.bpf.c */
const MODE = { none: 0, random: 1, listed: 2, ports: 3 } as const;
/** struct mix_source */
const SOURCE_WORDS = 6;

/** Where the packets of a run come from. */
export type Traffic =
  | { readonly from: 'anywhere' }
  /** IPv4 addresses, host order. */
  | { readonly from: 'hosts4'; readonly hosts: Uint32Array }
  /** IPv6 addresses, four words each. */
  | { readonly from: 'hosts6'; readonly words: Uint32Array }
  /** Four address words, source port, destination port each; IPv4 in the last word. */
  | { readonly from: 'flows'; readonly flows: Uint32Array };

const MODE_OF = { anywhere: MODE.random, hosts4: MODE.listed, hosts6: MODE.listed, flows: MODE.ports } as const;

const swapped = (word: number): number =>
  ((word >>> 24) | ((word >>> 8) & 0xff00) | ((word & 0xff00) << 8) | (word << 24)) >>> 0;

/** Gives each packet another source and hands it to the programs under test. All of them see the same traffic. */
export class Mixer implements Disposable {
  readonly #handles = new Handles();
  readonly #globals: Readonly<Record<string, number>>;
  readonly #shared = new Map<string, BpfMap>();
  readonly #sizes: Readonly<Record<string, number>>;

  constructor(traffic: Traffic) {
    const count = countOf(traffic);
    this.#globals = { cfg_mix_mode: MODE_OF[traffic.from], cfg_mix_sources: count };
    this.#sizes = {
      mix_sources: traffic.from === 'hosts6' || traffic.from === 'flows' ? count : 1,
      mix_sources4: traffic.from === 'hosts4' ? Math.ceil(count / 16) : 1,
    };
    using object = this.#open();
    object.load();
    for (const name of Object.keys(this.#sizes)) this.#shared.set(name, this.#handles.use(object.map(name).open()));
    this.#fill(traffic);
  }

  /** A run of `mix` that ends in `program`, which has the flag XDP_HAS_FRAGS, as the mixing program then has. */
  target(program: BpfProgram, frags = true): ProgramRunner {
    return this.mixing(program, frags).runner({ maxPacket: 256 });
  }

  /** `mix` itself, in front of `program`. */
  mixing(program: BpfProgram, frags = true): BpfProgram {
    using object = this.#open();
    for (const [name, map] of this.#shared) object.map(name).reuse(map);
    if (frags) object.program('mix').flags |= PROG_FLAG.XDP_HAS_FRAGS;
    object.load();
    using next = object.map('next').open();
    next.update(new Uint8Array(4), new Uint8Array(Uint32Array.of(program.fd).buffer));
    // The program does not keep the map's entries alive: a prog array is emptied with its last descriptor.
    this.#handles.use(object.map('next').open());
    return this.#handles.use(object.program('mix').open());
  }

  /** The baseline: reads what any filter has to read, and passes. */
  parseOnly(): ProgramRunner {
    using object = this.#open('parse_only');
    object.program('parse_only').flags |= PROG_FLAG.XDP_HAS_FRAGS;
    object.load();
    return this.target(this.#handles.use(object.program('parse_only').open()));
  }

  [Symbol.dispose](): void {
    this.#handles[Symbol.dispose]();
  }

  #open(only = 'mix'): BpfObject {
    const object = BpfObject.open(benchObject('mix'));
    object.setGlobals('.rodata', this.#globals);
    for (const program of object.programs) program.autoload = program.name === only;
    for (const [name, entries] of Object.entries(this.#sizes)) object.map(name).maxEntries = entries;
    return object;
  }

  #fill(traffic: Traffic): void {
    if (traffic.from === 'anywhere') return;
    if (traffic.from === 'hosts4') {
      using memory = this.#shared.get('mix_sources4')!.mmap();
      memory.words.set(traffic.hosts.map(swapped));
      return;
    }
    using memory = this.#shared.get('mix_sources')!.mmap();
    const { words } = memory;
    if (traffic.from === 'hosts6') {
      for (let i = 0; i < traffic.words.length; i++) {
        words[Math.floor(i / 4) * SOURCE_WORDS + (i % 4)] = swapped(traffic.words[i]!);
      }
      return;
    }
    const { flows } = traffic;
    for (let at = 0; at < flows.length; at += SOURCE_WORDS) {
      for (let i = 0; i < 4; i++) words[at + i] = swapped(flows[at + i]!);
      words[at + 4] = (swapped(flows[at + 4]!) >>> 16) | swapped(flows[at + 5]!);
    }
  }
}

function countOf(traffic: Traffic): number {
  if (traffic.from === 'anywhere') return 1;
  if (traffic.from === 'hosts4') return traffic.hosts.length;
  return traffic.from === 'hosts6' ? traffic.words.length / 4 : traffic.flows.length / SOURCE_WORDS;
}
