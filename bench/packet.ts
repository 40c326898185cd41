import type { ProgramRunner } from '../src/ebpf/index.ts';
import type { Bench, FigureInput, Target } from './figures.ts';
import { overBaseline } from './figures.ts';
import { PacketLab } from './packet/lab.ts';
import { type Scenario, scenarios } from './packet/scenarios.ts';
import { alternate } from './rounds.ts';
import { difference, expectTally } from './support/filter.ts';
import { Mixer } from './support/mixer.ts';

/** Entries in the lists: hosts, and as many /24 (/48) networks up to the number of all countries' networks. */
const SIZES = [0, 1000, 100_000, 1_000_000];
const QUICK_SIZES = [0, 1000];
const ALL = 1_000_000;
/** Long enough that what a flood keeps in the caches is there, and what it does not keep is not. */
const PACKETS = 400_000;
const ROUNDS = 9;

/** What is to be reached at a million entries with everything on. */
const TARGETS: Readonly<Record<string, Target>> = {
  'ipv4.pass': overBaseline(25),
  'ipv4.denied-host': overBaseline(50),
  'ipv4.denied-network': overBaseline(15),
  'ipv4.reply': overBaseline(150),
};

/** Why a target may be missed: docs/adr/0005 has the figures. */
const SHORTFALLS: Readonly<Record<string, string>> = {
  'ipv4.pass':
    'the path costs 24 without any table; a stranger reads one bit of 2 MB, half of them beyond the L2 cache, and one in sixteen shares a /24 with a denied host',
  'ipv4.denied-host': 'random accesses to 2, 4 and 8 MB of flat memory, which do not overlap: bit, index, bucket',
  'ipv4.denied-network':
    'random accesses to 2 and 4 MB of flat memory: bit and index; the path without them costs 18 to 20',
  'ipv4.reply': "the kernel's LRU hash: bucket and entry lie in 26 MB that no cache holds",
};

export const sizeName = (entries: number): string =>
  entries >= 1e6 ? `${entries / 1e6}M` : entries >= 1000 ? `${entries / 1000}k` : String(entries);

/** ns per packet of the real program, by BPF_PROG_TEST_RUN, beside a program that only parses. */
export async function packet(bench: Bench): Promise<void> {
  for (const family of [4, 6] as const) {
    using lab = new PacketLab(family);
    for (const entries of bench.quick ? QUICK_SIZES : SIZES) {
      bench.say(`packet: IPv${family}, ${sizeName(entries)} entries`);
      lab.fill(entries);
      for (const scenario of scenarios(lab)) bench.report(await measure(bench, lab, scenario, entries));
    }
  }
}

async function measure(bench: Bench, lab: PacketLab, scenario: Scenario, entries: number): Promise<FigureInput> {
  const { value, baseline } = await alternateScenario(bench, lab, scenario);
  const key = `ipv${lab.family}.${scenario.name}`;
  const aimed = scenario.profile === 'on' && entries === ALL;
  return {
    name: `packet.${key}.${scenario.profile}.${sizeName(entries)}`,
    unit: 'ns',
    value,
    baseline,
    beside: 'parse only',
    target: aimed ? TARGETS[key] : undefined,
    shortfall: SHORTFALLS[key],
  };
}

/** ns per packet of the program and of the baseline. @throws Error when a packet was not judged as it should be */
export async function alternateScenario(
  bench: Bench,
  lab: PacketLab,
  scenario: Scenario,
): Promise<{ readonly value: number; readonly baseline: number }> {
  const packets = bench.quick ? 5000 : PACKETS;
  const rounds = bench.quick ? 3 : ROUNDS;
  using mixer = new Mixer(scenario.traffic);
  const runners = { baseline: mixer.parseOnly(), program: mixer.target(lab.program(scenario.program)) };
  const run = (runner: ProgramRunner) => () => {
    runner.runInput(scenario.frame.length, packets);
    return runner.durationNs;
  };
  for (const runner of Object.values(runners)) runner.input.set(scenario.frame);
  scenario.before?.();
  const before = lab.filter.tally();
  const ns = await alternate({ baseline: run(runners.baseline), program: run(runners.program) }, rounds);
  const tally = difference(before, lab.filter.tally());
  if (scenario.check) scenario.check(tally, packets * rounds);
  else expectTally(`IPv${lab.family} ${scenario.name}`, tally, scenario.reason, packets * rounds);
  scenario.after?.();
  return { value: ns.program, baseline: ns.baseline };
}
