import type { Family } from '../model/prefixes.ts';

/** Addresses from `low` to `high`, both included, as four words each. */
export interface AddressRange {
  readonly family: Family;
  readonly low: readonly number[];
  readonly high: readonly number[];
}

const PARTIAL4 = /^(?:\d{1,3}\.){0,2}\d{1,3}\.?$|^(?:\d{1,3}\.){3}$/;
const PARTIAL6 = /^(?:[0-9a-f]{1,4}:){1,7}[0-9a-f]{0,4}$/;
const ZEROS6 = /^((?:[0-9a-f]{1,4}:)+):$/;

/**
 * The addresses whose text begins with `text`: `1.2.` is one range, `1.2` several (1.2.x, 1.20.x - 1.29.x, 1.200.x -
 * 1.255.x). Empty for text that is no beginning of an address, and for a whole address.
 */
export function partialRanges(text: string): AddressRange[] {
  if (PARTIAL4.test(text)) return ranges4(text);
  const zeros = ZEROS6.exec(text);
  if (zeros !== null) return ranges6(zeros[1]!);
  if (PARTIAL6.test(text)) return ranges6(text);
  return [];
}

function ranges4(text: string): AddressRange[] {
  const whole = text.endsWith('.');
  const parts = (whole ? text.slice(0, -1) : text).split('.');
  const last = whole ? '' : parts.pop()!;
  if (parts.some((part) => Number(part) > 255)) return [];
  const fixed = parts.reduce((value, part) => value * 256 + Number(part), 0);
  const open = 4 - parts.length;
  if (whole) return [range4(fixed * 256 ** open, 256 ** open)];
  const below = 256 ** (open - 1);
  return beginnings(last, 10, 255).map(([from, to]) => range4((fixed * 256 + from) * below, (to - from + 1) * below));
}

function range4(start: number, count: number): AddressRange {
  return { family: 4, low: [0, 0, 0xffff, start], high: [0, 0, 0xffff, start + count - 1] };
}

function ranges6(text: string): AddressRange[] {
  const parts = text.split(':');
  const last = parts.pop()!;
  const groups = parts.map((part) => Number.parseInt(part, 16));
  if (groups.length > 7) return [];
  if (last === '') return [range6(groups, groups)];
  return beginnings(last, 16, 0xffff).map(([from, to]) => range6([...groups, from], [...groups, to]));
}

function range6(low: readonly number[], high: readonly number[]): AddressRange {
  const words = (groups: readonly number[], rest: number) =>
    [0, 2, 4, 6].map((i) => (groups[i] ?? rest) * 65536 + (groups[i + 1] ?? rest));
  return { family: 6, low: words(low, 0), high: words(high, 0xffff) };
}

/** Numbers up to `max` whose digits begin with `digits`: the number itself, then one digit more, and so on. */
function beginnings(digits: string, base: number, max: number): [number, number][] {
  const ranges: [number, number][] = [];
  let from = Number.parseInt(digits, base);
  let to = from;
  const closed = digits.startsWith('0');
  while (from <= max) {
    ranges.push([from, Math.min(to, max)]);
    if (closed) break;
    from *= base;
    to = to * base + base - 1;
  }
  return ranges;
}
