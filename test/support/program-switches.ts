import type { Switches } from '../../src/dataplane/kernel-program.ts';

type Value = number | boolean;

const SWITCH: readonly Value[] = [false, true];

/** Every load-time choice of bpf/include/config.h and the values that make another program of it. */
export const CHOICES: Readonly<Record<string, readonly Value[]>> = {
  cfg_monitor: SWITCH,
  cfg_explain: SWITCH,
  cfg_plugins: SWITCH,
  cfg_frags: SWITCH,
  cfg_port_marks: SWITCH,
  cfg_default_deny: SWITCH,
  cfg_allow_icmp: SWITCH,
  cfg_allow_dhcp: SWITCH,
  cfg_strict_tcp: SWITCH,
  cfg_strict_protocol: SWITCH,
  cfg_drop_fragments: SWITCH,
  cfg_bogon_filter: SWITCH,
  cfg_anti_spoof: [0, 1, 2],
  cfg_conntrack: SWITCH,
  cfg_rate_limit: SWITCH,
  cfg_syn_limit: SWITCH,
  cfg_auto_block: SWITCH,
  cfg_v6_prefix: [1, 48, 64, 65, 128],
  cfg_events: SWITCH,
};

/** Sizes and seeds: they change numbers in the program and no path through it. */
export const GEOMETRY: readonly string[] = [
  'cfg_jiffies_per_second',
  'cfg_ticks_per_jiffy',
  'cfg_hosts4_buckets',
  'cfg_hosts4_seed',
  'cfg_hosts6_buckets',
  'cfg_hosts6_seed',
  'cfg_index6_seed',
  'cfg_rate_sets',
  'cfg_rate_seed',
];

const NAMES = Object.keys(CHOICES);
const first = (name: string): Value => CHOICES[name]![0]!;
const last = (name: string): Value => CHOICES[name]!.at(-1)!;
const all = (pick: (name: string) => Value): Switches => Object.fromEntries(NAMES.map((name) => [name, pick(name)]));

export const ALL_OFF = all(first);
export const ALL_ON = all(last);

/** Nothing, everything, each value alone, and everything but one. */
export function singles(): Switches[] {
  const alone = NAMES.flatMap((name) => CHOICES[name]!.slice(1).map((value) => ({ ...ALL_OFF, [name]: value })));
  const missing = NAMES.flatMap((name) => CHOICES[name]!.slice(0, -1).map((value) => ({ ...ALL_ON, [name]: value })));
  return [ALL_OFF, ALL_ON, ...alone, ...missing];
}

type Cell = readonly [name: string, value: Value];

function triples(): Map<string, readonly Cell[]> {
  const cells = NAMES.map((name) => CHOICES[name]!.map((value): Cell => [name, value]));
  const found = new Map<string, readonly Cell[]>();
  for (let a = 0; a < cells.length; a++)
    for (let b = a + 1; b < cells.length; b++)
      for (let c = b + 1; c < cells.length; c++)
        for (const x of cells[a]!)
          for (const y of cells[b]!) for (const z of cells[c]!) found.set(keyOf([x, y, z]), [x, y, z]);
  return found;
}

const keyOf = (cells: readonly Cell[]): string => cells.map(([name, value]) => `${name}=${value}`).join(' ');

/** The triples of switches that a program has. */
function* triplesOf(switches: Switches): Generator<string> {
  const texts = NAMES.map((name) => `${name}=${switches[name]}`);
  for (let a = 0; a < texts.length; a++)
    for (let b = a + 1; b < texts.length; b++)
      for (let c = b + 1; c < texts.length; c++) yield `${texts[a]} ${texts[b]} ${texts[c]}`;
}

/**
 * Programs in which every three values of three switches meet, those of `given` included: a fault of the verifier's
 * making comes from a few stages that are compiled in together. Greedy, and the same in every run.
 */
export function triplewise(given: readonly Switches[]): Switches[] {
  const open = triples();
  const cover = (switches: Switches) => {
    for (const key of triplesOf(switches)) open.delete(key);
  };
  for (const switches of given) cover(switches);
  const more: Switches[] = [];
  while (open.size > 0) {
    const chosen = new Map<string, Value>(open.values().next().value!);
    for (const name of NAMES) if (!chosen.has(name)) chosen.set(name, bestValue(name, chosen, open));
    const switches = all((name) => chosen.get(name)!);
    cover(switches);
    more.push(switches);
  }
  return more;
}

/** The value that, with what is chosen, meets the most triples that are still open. */
function bestValue(
  name: string,
  chosen: ReadonlyMap<string, Value>,
  open: ReadonlyMap<string, readonly Cell[]>,
): Value {
  const others = [...chosen];
  let best: { readonly value: Value; readonly count: number } | undefined;
  for (const value of CHOICES[name]!) {
    let count = 0;
    for (let i = 0; i < others.length; i++)
      for (let j = i + 1; j < others.length; j++) {
        const cells: Cell[] = [others[i]!, others[j]!, [name, value]];
        cells.sort(([a], [b]) => NAMES.indexOf(a) - NAMES.indexOf(b));
        if (open.has(keyOf(cells))) count++;
      }
    if (best === undefined || count > best.count) best = { value, count };
  }
  return best!.value;
}

/** What differs from the program with everything off, or from the one with everything on. */
export function describeSwitches(switches: Switches): string {
  const differences = (from: Switches) =>
    NAMES.filter((name) => switches[name] !== from[name]).map((name) => `${name.slice(4)}=${switches[name]}`);
  const [off, on] = [differences(ALL_OFF), differences(ALL_ON)];
  if (on.length < off.length) return ['everything on', ...on].join(' ');
  return ['everything off', ...off].join(' ');
}
