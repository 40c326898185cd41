import { execFileSync } from 'node:child_process';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { arch } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { reasonVerdict } from '../../src/model/reasons.ts';
import { compare } from '../model/random/compare.ts';
import { scenario } from '../model/random/scenario.ts';
import { STAGES } from '../packet/cases/index.ts';
import { KernelFilter } from '../support/kernel-filter.ts';
import { KernelHost } from '../support/kernel-host.ts';
import { KernelWorld } from '../support/kernel-world.ts';
import { ownedDirectory } from '../support/owned.ts';
import { packet } from '../support/packet.ts';
import type { PacketCase } from '../support/packet-case.ts';
import { prepare } from '../support/packet-world.ts';
import { MUTANTS, type Mutant } from './mutants.ts';

const ROOT = join(import.meta.dirname, '../..');
const TABLE = join(ROOT, 'docs/explanation/testing.md');
const PACKETS = 20_000;
const SEED = 1;

interface Caught {
  readonly mutant: Mutant;
  /** Packet cases that fail. */
  readonly cases: readonly string[];
  /** Packets until the model disagrees; null when it does not. */
  readonly packets: number | null;
}

let host: KernelHost;
const caught: Caught[] = [];
beforeAll(() => {
  host = new KernelHost();
});
afterAll(() => {
  host?.[Symbol.dispose]();
  if (process.env.NETXFW_WRITE === '1' && caught.length === MUTANTS.length) writeTable();
});

/** Compiles the program with one thing broken, or as it is. @returns the object */
function compile(mutant?: Mutant): string {
  const directory = ownedDirectory('mutant');
  cpSync(join(ROOT, 'bpf'), directory, { recursive: true });
  if (mutant !== undefined) {
    const file = join(directory, mutant.file);
    const parts = readFileSync(file, 'utf8').split(mutant.text);
    if (parts.length !== 2) throw new Error(`${mutant.file} has ${parts.length - 1} times: ${mutant.text}`);
    writeFileSync(file, parts.join(mutant.becomes));
  }
  const object = join(directory, 'netxfw.bpf.o');
  const machine = { x64: 'x86_64', arm64: 'aarch64' }[arch() as string] ?? arch();
  const include = [`-I${directory}/include`, `-I${directory}`, '-idirafter', `/usr/include/${machine}-linux-gnu`];
  const flags = ['-O2', '-g', '-target', 'bpf', '-mcpu=v3', ...include];
  execFileSync('clang', [...flags, '-c', join(directory, 'netxfw.bpf.c'), '-o', object]);
  return object;
}

function holds(filter: KernelFilter, one: PacketCase): boolean {
  try {
    const world = new KernelWorld(filter, one.setup ?? {}, host.ifindex);
    if (prepare(world, one) !== null) return false;
    const frame = packet(...one.packet);
    const on = one.on ?? 'uplink';
    if (world.explain(frame, on) !== one.expect) return false;
    const { verdict, reason } = world.receive(frame, on);
    const passes = reasonVerdict(one.expect) === 'pass' || one.setup?.config?.monitor === true;
    return reason === one.expect && verdict === (passes ? 'pass' : 'drop');
  } catch {
    return false;
  }
}

/** Packets until kernel and model disagree. */
function disagreement(filter: KernelFilter): number | null {
  let packets = 0;
  const agree = fc.property(scenario(300), (drawn) => {
    const { difference, reasons } = compare(drawn, filter, host.ifindex);
    packets += reasons.length;
    return difference === null;
  });
  for (let round = 0; packets < PACKETS; round++) {
    if (fc.check(agree, { seed: SEED + round, numRuns: 20, endOnFailure: true }).failed) return packets;
  }
  return null;
}

function judge(object: string): Omit<Caught, 'mutant'> {
  using filter = new KernelFilter(object);
  return host.inside(() => {
    const all = Object.entries(STAGES).flatMap(([stage, cases]) => cases.map((one) => ({ stage, one })));
    const cases = all.filter(({ one }) => !holds(filter, one)).map(({ stage, one }) => `${stage}: ${one.title}`);
    return { cases, packets: disagreement(filter) };
  });
}

describe('the suites', () => {
  it('find nothing wrong with the program as it is', () => {
    expect(judge(compile())).toEqual({ cases: [], packets: null });
  });

  it.each(MUTANTS.map((mutant) => [mutant.what, mutant] as const))('notice that %s', (_, mutant) => {
    const seen = judge(compile(mutant));
    caught.push({ mutant, ...seen });
    expect(seen.cases.length, 'packet cases that fail').toBeGreaterThan(0);
  });
});

const BEGIN = '<!-- mutants -->\n';
const END = '<!-- /mutants -->';

function writeTable(): void {
  const rows = caught.map(({ mutant, cases, packets }) => {
    const more = cases.length > 1 ? ` (and ${cases.length - 1} more)` : '';
    return `| ${mutant.what} | ${cases[0] ?? 'none'}${more} | ${packets === null ? 'no' : `after ${packets}`} |`;
  });
  const table = ['| broken | first packet case that fails | random packets |', '|---|---|---|', ...rows, ''].join('\n');
  const text = readFileSync(TABLE, 'utf8');
  const [before, after] = [text.indexOf(BEGIN) + BEGIN.length, text.indexOf(END)];
  writeFileSync(TABLE, text.slice(0, before) + table + text.slice(after));
}
