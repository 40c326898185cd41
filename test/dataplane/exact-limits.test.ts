import { afterAll, afterEach, describe, expect, it } from 'vitest';
import type { KernelDataPlane } from '../../src/dataplane/index.ts';
import { BpfProgram, inNetworkNamespace, interfaceIndex, queryXdp } from '../../src/ebpf/index.ts';
import { parsePrefix } from '../../src/model/prefixes.ts';
import type { ReasonName } from '../../src/model/reasons.ts';
import { Namespace } from '../support/netns.ts';
import { eth, icmp, icmp6, ipv4, ipv6, packet, tcp } from '../support/packet.ts';
import { until } from '../support/process.ts';
import { perSecond, Saturation } from '../support/saturation.ts';
import { configOf, from, Planes } from './planes.ts';

let planes = new Planes();
let saturation: Saturation | undefined;
/** Its loopback interface has the program, so that others can find it; nothing is ever sent there. */
const quiet = new Namespace('quiet');
const inside = <Result>(act: () => Result): Result => inNetworkNamespace(`/run/netns/${quiet.name}`, act);
afterAll(() => quiet.dispose());
afterEach(async () => {
  await saturation?.stop();
  saturation = undefined;
  inside(() => planes.dispose());
  planes = new Planes();
});

const RATE = 20_000;
/** A quarter of a second: for so long a busy machine may keep a sender waiting without a packet less in the end. */
const BURST = RATE / 4;

const limit = (prefix: string, rate: number, burst: number) => ({ prefix: parsePrefix(prefix).prefix, rate, burst });
const load = (document: Parameters<typeof configOf>[0] = {}) =>
  planes.load(planes.path(), { config: configOf(document) });

/** The program of a plane. */
function programOf(plane: KernelDataPlane): BpfProgram {
  return inside(() => {
    if (plane.attachments().length === 0) plane.attach({ interfaces: ['lo'], mode: 'generic' });
    return BpfProgram.openId(queryXdp(interfaceIndex('lo'))!.programId);
  });
}

function runMany(plane: KernelDataPlane, frame: Uint8Array, repeat: number): void {
  using program = programOf(plane);
  program.testRun({ data: frame, repeat });
}

const count = (plane: KernelDataPlane, reason: ReasonName) => plane.readStats().reasons[reason]?.packets ?? 0;
const passed = (plane: KernelDataPlane) => () => count(plane, 'PASS_DEFAULT');

const ONE_PERCENT = 0.01;
/** A machine that is busy with other things disturbs some measurements; a bucket that is wrong spoils all of them. */
const ATTEMPTS = 12;

/** Expects what passes in a second while every CPU sends these frames as fast as it can. */
async function expectSteadyRate(plane: KernelDataPlane, expected: number, ...frames: Uint8Array[]): Promise<void> {
  using program = programOf(plane);
  saturation = new Saturation(program.info.id, frames);
  await saturation.settle(passed(plane));
  await new Promise((resolve) => setTimeout(resolve, 500));
  const seen: number[] = [];
  do seen.push(await perSecond(passed(plane), 700));
  while (!isNear(seen.at(-1)!, expected) && seen.length < ATTEMPTS);
  await saturation.stop();
  expect(isNear(seen.at(-1)!, expected), `${seen.join(', ')} packets a second instead of ${expected}`).toBe(true);
}

const isNear = (seen: number, expected: number): boolean => Math.abs(seen / expected - 1) < ONE_PERCENT;

describe('at full load on all CPUs, exactly its rate passes', () => {
  it('of one source', async () => {
    const plane = load();
    plane.setLimits([limit('0.0.0.0/0', RATE, BURST)]);
    await expectSteadyRate(plane, RATE, from('192.0.2.1'));
    expect(count(plane, 'DROP_RATE_LIMIT')).toBeGreaterThan(RATE);
  });

  it('of each of three sources, and the longest prefix decides', async () => {
    const plane = load();
    plane.setLimits([limit('0.0.0.0/0', RATE, BURST), limit('203.0.113.0/24', 3 * RATE, BURST)]);
    await expectSteadyRate(plane, 5 * RATE, from('192.0.2.1'), from('192.0.2.2'), from('203.0.113.5'));
  });

  it('of an IPv6 /64, however many of its addresses send', async () => {
    const plane = load();
    plane.setLimits([limit('::/0', RATE, BURST)]);
    const sources = ['2001:db8::1', '2001:db8::ffff:2', '2001:db8:0:1::1'];
    await expectSteadyRate(plane, 2 * RATE, ...sources.map(from));
  });

  it('of SYNs, and nothing else of the source is counted', async () => {
    const plane = load({ rate_limit: { syn_limit: { enabled: true, rate: RATE, burst: BURST } } });
    await expectSteadyRate(plane, RATE, packet(eth(), ipv4(), tcp()));
    expect(plane.run(packet(eth(), ipv4(), tcp({ flags: 'A' }))).reason).toBe('PASS_DEFAULT');
  });

  it('of ICMP, of all sources and both families together', async () => {
    const plane = load({ base: { icmp_rate: RATE, icmp_burst: BURST } });
    const frames = [
      packet(eth(), ipv4({ src: '192.0.2.1' }), icmp()),
      packet(eth(), ipv4({ src: '192.0.2.2' }), icmp()),
      packet(eth(), ipv6(), icmp6()),
    ];
    await expectSteadyRate(plane, RATE, ...frames);
  });
});

describe('a bucket', () => {
  /** Sends bursts with pauses from a source of its own. @returns what passed, and the seconds from first to last packet */
  async function bursts(plane: KernelDataPlane, source: string, packets: number, pauses: readonly number[]) {
    const run = { data: from(source), repeat: packets };
    const before = passed(plane)();
    using program = programOf(plane);
    const begin = process.hrtime.bigint();
    program.testRun(run);
    for (const pause of pauses) {
      await new Promise((resolve) => setTimeout(resolve, pause));
      program.testRun(run);
    }
    const seconds = Number(process.hrtime.bigint() - begin) / 1e9;
    return { count: passed(plane)() - before, seconds };
  }

  it('loses nothing of what comes back between bursts', async () => {
    const plane = load();
    plane.setLimits([limit('0.0.0.0/0', RATE, 4 * BURST)]);
    const seen: string[] = [];
    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      const { count, seconds } = await bursts(plane, `192.0.2.${attempt}`, 8 * BURST, [20, 200, 5, 90, 1, 300, 40]);
      const expected = 4 * BURST + RATE * seconds;
      if (isNear(count, expected)) return;
      seen.push(`${count} instead of ${expected}`);
    }
    throw new Error(seen.join(', '));
  });

  it('is full after a pause, and not more than full', async () => {
    const plane = load();
    plane.setLimits([limit('0.0.0.0/0', 100, BURST), limit('203.0.113.0/24', 1_000_000, 20)]);
    const { count: slow, seconds } = await bursts(plane, '192.0.2.1', 3 * BURST, [50]);
    expect(slow).toBeGreaterThanOrEqual(BURST);
    expect(slow).toBeLessThanOrEqual(BURST + 100 * seconds + 2);
    const { count: quick } = await bursts(plane, '203.0.113.1', 20, [30, 30, 30]);
    expect(quick).toBe(80);
  });

  it('passes everything of a source below its rate', async () => {
    const plane = load();
    plane.setLimits([limit('0.0.0.0/0', 100, 2)]);
    for (let i = 0; i < 40; i++) {
      await new Promise((resolve) => setTimeout(resolve, 11));
      expect(plane.run(from('192.0.2.1')).reason).toBe('PASS_DEFAULT');
    }
  });

  it('that was deep owes no more than a shallow one can when its limit shrinks', async () => {
    const plane = load();
    plane.setLimits([limit('0.0.0.0/0', 10, 1_000_000)]);
    runMany(plane, from('192.0.2.1'), 100_000);
    plane.setLimits([limit('0.0.0.0/0', 1000, 10)]);
    plane.run(from('192.0.2.1'));
    await until('the bucket to have room again', () => plane.run(from('192.0.2.1')).reason === 'PASS_DEFAULT', 5000);
  });
});

it('an automatic block is of the source, or of its /64, and ends by itself', async () => {
  const plane = load({ rate_limit: { auto_block: true, auto_block_expiry: '1s' } });
  plane.setLimits([limit('0.0.0.0/0', 1000, 3), limit('::/0', 1000, 3)]);
  for (const [source, alike, other] of [
    ['192.0.2.1', '192.0.2.1', '192.0.2.2'],
    ['2001:db8::1', '2001:db8::99', '2001:db8:0:1::1'],
  ] as const) {
    runMany(plane, from(source), 200);
    expect(plane.run(from(alike)).reason, alike).toBe('DROP_DYNAMIC');
    expect(plane.run(from(other)).reason, other).toBe('PASS_DEFAULT');
    expect(plane.listDynamic().map(({ cause }) => cause)).toEqual(['DROP_RATE_LIMIT']);
    await until('the end of the block', () => plane.run(from(alike)).reason === 'PASS_DEFAULT');
    await until('the list to forget it', () => plane.listDynamic().length === 0);
  }
});
