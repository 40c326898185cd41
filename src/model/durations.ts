import { NetxfwError } from './errors.ts';
import { say } from './messages.ts';

const UNIT_SECONDS: Record<string, number> = { s: 1, m: 60, h: 3600, d: 86400, w: 604800 };
const PATTERN = /^(?:\d+[smhdw])+$/;
/** Longest duration accepted: ten years. Longer means "for ever", which is said by leaving the TTL out. */
const MAX_SECONDS = 10 * 365 * 86400;

/**
 * Parses `30s`, `10m`, `1h`, `1d`, `2w` or a sum such as `1h30m`.
 * @returns seconds, an integer >= 1
 * @throws NetxfwError INVALID_DURATION
 */
export function parseDuration(text: string): number {
  const input = text.trim().toLowerCase();
  let seconds = 0;
  if (PATTERN.test(input)) {
    for (const [, count, unit] of input.matchAll(/(\d+)([smhdw])/g)) seconds += Number(count) * UNIT_SECONDS[unit!]!;
  }
  if (seconds < 1) throw new NetxfwError('INVALID_DURATION', say('refused.notDuration', { text }));
  if (seconds > MAX_SECONDS) {
    throw new NetxfwError('INVALID_DURATION', say('refused.tooLong', { text }), {
      hint: say('refused.tooLong.do'),
    });
  }
  return seconds;
}

/** Shortest exact form: 5400 -> `1h30m`. */
export function formatDuration(totalSeconds: number): string {
  let rest = Math.max(0, Math.round(totalSeconds));
  if (rest === 0) return '0s';
  let text = '';
  for (const unit of ['d', 'h', 'm', 's']) {
    const size = UNIT_SECONDS[unit]!;
    const count = Math.floor(rest / size);
    if (count > 0) text += `${count}${unit}`;
    rest -= count * size;
  }
  return text;
}
