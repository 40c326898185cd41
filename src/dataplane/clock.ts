/**
 * The kernel program compares times with bpf_jiffies64, which costs it one nanosecond; this file turns Unix time into
 * jiffies and back. Jiffies run with CLOCK_MONOTONIC, so one reading of both is good until the machine restarts; wall
 * clock steps are followed, because each conversion asks the wall clock anew.
 */
import { readFileSync } from 'node:fs';
import { release } from 'node:os';
import { gunzipSync } from 'node:zlib';
import { BpfObject } from '../ebpf/index.ts';
import { NetxfwError } from '../model/errors.ts';
import { bpfFile } from './bpf-files.ts';
import { struct, u64 } from './codec.ts';

/** struct nx_clock of bpf/clock.bpf.c. */
const sampleCodec = struct('nx_clock', 16, { jiffies: u64(0), ktime: u64(8) });

/** The kernel's two clocks, read at one moment. */
export interface ClockSample {
  readonly jiffies: number;
  /** Nanoseconds, CLOCK_MONOTONIC. */
  readonly ktime: number;
}

/** Where the clock takes the time from; tests put their own here. */
export interface TimeSource {
  /** Unix milliseconds. */
  wall(): number;
  /** Nanoseconds, CLOCK_MONOTONIC. */
  monotonic(): number;
}

const SYSTEM_TIME: TimeSource = { wall: () => Date.now(), monotonic: () => Number(process.hrtime.bigint()) };

export class Clock {
  /** Jiffies in a second. */
  readonly hz: number;
  readonly #sample: ClockSample;
  readonly #time: TimeSource;

  constructor(hz: number, sample: ClockSample, time: TimeSource = SYSTEM_TIME) {
    this.hz = hz;
    this.#sample = sample;
    this.#time = time;
  }

  /** Jiffies now. */
  now(): number {
    const elapsed = this.#time.monotonic() - this.#sample.ktime;
    return this.#sample.jiffies + Math.floor((elapsed * this.hz) / 1e9);
  }

  /** Unix milliseconds -> jiffies, rounded up so that nothing ends early; never 0, which means never. */
  toJiffies(unixMs: number): number {
    return Math.max(1, this.now() + Math.ceil(((unixMs - this.#time.wall()) * this.hz) / 1000));
  }

  /** Jiffies -> Unix milliseconds. */
  toUnixMs(jiffies: number): number {
    return Math.round(this.#time.wall() + ((jiffies - this.now()) * 1000) / this.hz);
  }

  /** A duration in milliseconds, rounded up. */
  ticks(ms: number): number {
    return Math.ceil((ms * this.hz) / 1000);
  }
}

/**
 * Asks the kernel.
 * @throws NetxfwError OBJECT_MISSING; BpfError NOT_ROOT
 */
export function readClock(): Clock {
  using object = BpfObject.open(bpfFile('clock'));
  object.load();
  using program = object.program('clock').open();
  const sample = () => sampleCodec.decode(program.testRun({ data: new Uint8Array(64) }).data);
  const first = sample();
  return new Clock(configuredHz() ?? derivedHz(first) ?? measuredHz(first, sample), first);
}

function configuredHz(): number | undefined {
  const sources = [
    () => gunzipSync(readFileSync('/proc/config.gz')).toString(),
    () => readFileSync(`/boot/config-${release()}`, 'utf8'),
  ];
  for (const source of sources) {
    try {
      const match = /^CONFIG_HZ=(\d+)$/m.exec(source());
      if (match !== null) return Number(match[1]);
    } catch {
      // Neither file has to exist.
    }
  }
  return undefined;
}

const KNOWN_HZ = [100, 250, 300, 1000, 24, 48, 64, 128, 200, 256, 500, 512, 1024, 1200];
/** Jiffies begin so that they pass 2^32 when the machine has been up for five minutes (INITIAL_JIFFIES). */
const WRAP_JIFFIES = 2 ** 32;
const WRAP_SECONDS = 300;

/** HZ from where the jiffies stand; undefined near the moment at which they are the same for every HZ. */
export function derivedHz({ jiffies, ktime }: ClockSample): number | undefined {
  const seconds = ktime / 1e9 - WRAP_SECONDS;
  if (Math.abs(seconds) < 60) return undefined;
  const rate = (jiffies - WRAP_JIFFIES) / seconds;
  // Jiffies may have begun to count a little later than the clock.
  const nearest = KNOWN_HZ.reduce((a, b) => (Math.abs(b - rate) < Math.abs(a - rate) ? b : a));
  return Math.abs(nearest - rate) <= nearest * 0.02 ? nearest : undefined;
}

function measuredHz(first: ClockSample, sample: () => ClockSample): number {
  for (const wait of [100, 1000]) {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, wait);
    const last = sample();
    const rate = ((last.jiffies - first.jiffies) * 1e9) / (last.ktime - first.ktime);
    const nearest = KNOWN_HZ.reduce((a, b) => (Math.abs(b - rate) < Math.abs(a - rate) ? b : a));
    const resolution = 2e9 / (last.ktime - first.ktime);
    if (Math.abs(nearest - rate) <= resolution && resolution < 25) return nearest;
  }
  throw new NetxfwError('KERNEL_FAILED', 'the tick rate of the kernel (CONFIG_HZ) could not be found out');
}
