import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { ownedDirectory } from './owned.ts';
import { type Background, start, until } from './process.ts';

const ENDLESS = 0x7fff_ffff;

/**
 * Gives a program packets as fast as it takes them: every frame on every CPU at once, from processes that are bound to one
 * each (BPF_PROG_TEST_RUN).
 */
export class Saturation {
  readonly #runs: Background[] = [];

  /** @param programId of a program that this process holds */
  constructor(programId: number, frames: readonly Uint8Array[]) {
    const directory = ownedDirectory('frames');
    for (const [i, frame] of frames.entries()) {
      const file = join(directory, `${i}`);
      writeFileSync(file, frame);
      const run = ['bpftool', 'prog', 'run', 'id', `${programId}`, 'data_in', file, 'repeat', `${ENDLESS}`];
      for (const cpu of cpus().keys()) this.#runs.push(start(['nice', '-n', '-15', 'taskset', '-c', `${cpu}`, ...run]));
    }
  }

  /** Waits until `counted` moves, and then for the burst to be over. */
  async settle(counted: () => number): Promise<void> {
    const before = counted();
    await until('packets', () => {
      const ended = this.#runs.find(({ status }) => status !== undefined);
      if (ended !== undefined) throw new Error(`bpftool: ${ended.stdout}${ended.stderr}`);
      return counted() > before;
    });
  }

  async stop(): Promise<void> {
    await Promise.all(this.#runs.map((run) => run.stop('SIGTERM')));
  }
}

/** How much a counter moves in a second, measured over `ms`. */
export async function perSecond(counter: () => number, ms: number): Promise<number> {
  const from = { at: process.hrtime.bigint(), count: counter() };
  await new Promise((resolve) => setTimeout(resolve, ms));
  const to = { at: process.hrtime.bigint(), count: counter() };
  return ((to.count - from.count) * 1e9) / Number(to.at - from.at);
}
