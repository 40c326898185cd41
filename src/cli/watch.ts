import { setTimeout as sleep } from 'node:timers/promises';
import { parseDuration } from '../model/durations.ts';
import type { Context } from './context.ts';
import { requireDaemon } from './daemon.ts';
import { wholeNumber } from './input.ts';

/** Options of commands that can go on showing the same figures. */
export const WATCH_OPTIONS = {
  watch: { short: 'w', help: 'go on until Ctrl-C' },
  interval: { value: 'DURATION', help: 'time between two readings (default 1s)' },
  count: { value: 'NUMBER', help: 'end after so many readings' },
} as const;

export interface WatchInput {
  readonly watch: boolean;
  readonly interval: string | undefined;
  readonly count: string | undefined;
}

/** Takes the cursor home and clears what follows, so that the picture stands still. */
const HOME = '\x1b[H\x1b[J';

/** Shows once or, with --watch or --count, again and again until Ctrl-C or until nobody reads any more. */
export async function watch(context: Context, input: WatchInput, show: () => Promise<void>): Promise<void> {
  const { out } = context;
  const pause = input.interval === undefined ? 1 : parseDuration(input.interval);
  const most = wholeNumber('--count', input.count, 1) ?? (input.watch ? Number.POSITIVE_INFINITY : 1);
  if (most === 1) return show();
  await requireDaemon(context, 'readings that go on come');
  const signal = context.environment.interrupted();
  for (let shown = 0; shown < most && !out.closed && !signal.aborted; shown++) {
    if (shown > 0 && !(await passed(pause * 1000, signal))) return;
    if (out.interactive && !context.json) await out.write(HOME);
    await show();
  }
}

/** @returns false when it was interrupted */
async function passed(time: number, signal: AbortSignal): Promise<boolean> {
  return sleep(time, true, { signal }).catch(() => false);
}
