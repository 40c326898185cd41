import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bpfFile } from '../../src/dataplane/bpf-files.ts';
import type { Switches } from '../../src/dataplane/kernel-program.ts';
import { BpfObject, kernelVersion } from '../../src/ebpf/index.ts';
import { ProgramLoads, type Walked } from '../support/program-loads.ts';
import {
  ALL_OFF,
  ALL_ON,
  CHOICES,
  describeSwitches,
  GEOMETRY,
  singles,
  triplewise,
} from '../support/program-switches.ts';

let loads: ProgramLoads;
beforeAll(() => {
  loads = new ProgramLoads();
});
afterAll(() => loads?.[Symbol.dispose]());

describe('the choices of the program', () => {
  it('are all known to this test', () => {
    using object = BpfObject.open(bpfFile('netxfw'));
    const names = object
      .btf()
      .variables('.rodata')
      .map(({ name }) => name)
      .filter((name) => name.startsWith('cfg_'));
    expect([...Object.keys(CHOICES), ...GEOMETRY].sort()).toEqual(names.sort());
  });

  const alone = singles();
  it.each([...alone, ...triplewise(alone)].map((switches) => [describeSwitches(switches), switches] as const))(
    'pass the verifier with %s',
    (_, switches) => {
      using programs = loads.load(switches);
      expect([programs.xdp, programs.core, programs.exit, programs.egress].map((one) => one?.name)).toEqual([
        'netxfw',
        'netxfw_core',
        'netxfw_exit',
        'netxfw_egress',
      ]);
    },
  );
});

/** What people run, and the ends of the range. */
const NAMED: Readonly<Record<string, Switches>> = {
  'everything off': ALL_OFF,
  defaults: { cfg_strict_tcp: true, cfg_anti_spoof: 1, cfg_conntrack: true, cfg_rate_limit: true, cfg_events: true },
  'default deny, all checks': { ...ALL_ON, cfg_monitor: false, cfg_explain: false, cfg_plugins: false },
  monitor: { ...ALL_ON, cfg_explain: false },
  explain: { ...ALL_ON, cfg_plugins: false },
  'without frames in several buffers': { ...ALL_ON, cfg_explain: false, cfg_frags: false },
};

interface Golden {
  /** The kernel whose verifier counted. */
  readonly kernel: string;
  readonly walked: Readonly<Record<string, Walked>>;
}

const FILE = new URL('instructions.json', import.meta.url);
/** Compilers of one version differ a little; anything more is a decision. */
const SLACK = 1.02;
const STALE = 0.9;
/** Another kernel's verifier prunes otherwise; a million is where every kernel gives up. */
const OTHER_KERNEL = 3;

const running = (): string => `${kernelVersion().major}.${kernelVersion().minor}`;

describe('the instructions that the verifier walks', () => {
  it('are what instructions.json says; raise it with NETXFW_RAISE=1', () => {
    const walked = Object.fromEntries(Object.entries(NAMED).map(([name, switches]) => [name, loads.walked(switches)]));
    if (process.env.NETXFW_RAISE === '1') {
      writeFileSync(FILE, `${JSON.stringify({ kernel: running(), walked }, null, 2)}\n`);
    }
    const golden = JSON.parse(readFileSync(FILE, 'utf8')) as Golden;
    expect(Object.keys(golden.walked)).toEqual(Object.keys(NAMED));
    const same = golden.kernel === running();
    for (const [name, counts] of Object.entries(walked)) {
      for (const [program, count] of Object.entries(counts)) {
        const expected = golden.walked[name]![program as keyof Walked];
        const what = `${program}, ${name}: ${count} on kernel ${running()}, ${expected} on ${golden.kernel}`;
        expect(count, what).toBeLessThanOrEqual(expected * (same ? SLACK : OTHER_KERNEL));
        if (same) expect(count, `${what}: lower the file`).toBeGreaterThanOrEqual(expected * STALE);
      }
    }
  });
});
