import { formatDuration } from '../../../src/model/durations.ts';
import { languageTag } from '../i18n/i18n.ts';

const UNITS = ['', 'k', 'M', 'G', 'T'];

/** Three digits at most and a prefix: 1234567 -> `1.23 M`. */
export function formatSi(value: number): string {
  let rest = Math.abs(value);
  let unit = 0;
  while (rest >= 999.5 && unit < UNITS.length - 1) {
    rest /= 1000;
    unit++;
  }
  const digits = unit === 0 ? (rest < 10 && rest % 1 !== 0 ? 1 : 0) : rest < 10 ? 2 : rest < 100 ? 1 : 0;
  const text = new Intl.NumberFormat(languageTag(), { maximumFractionDigits: digits }).format(rest);
  return `${value < 0 ? '-' : ''}${text}${unit === 0 ? '' : `\u202f${UNITS[unit]}`}`;
}

/** Bits a second, from bytes. */
export function formatBits(bytes: number): string {
  const text = formatSi(bytes * 8);
  return /[a-zA-Z]$/.test(text) ? `${text}bit/s` : `${text}\u202fbit/s`;
}

export function formatBytes(bytes: number): string {
  const text = formatSi(bytes);
  return /[a-zA-Z]$/.test(text) ? `${text}B` : `${text}\u202fB`;
}

export function formatCount(value: number): string {
  return new Intl.NumberFormat(languageTag(), { maximumFractionDigits: 0 }).format(value);
}

export function formatPercent(share: number): string {
  return new Intl.NumberFormat(languageTag(), { style: 'percent', maximumFractionDigits: share < 0.1 ? 1 : 0 }).format(
    share,
  );
}

/** The two largest units: 93784 seconds -> `1d2h`. */
export function formatSpan(seconds: number): string {
  const coarse = seconds >= 86_400 ? 3600 : seconds >= 3600 ? 60 : 1;
  return formatDuration(Math.max(0, Math.floor(seconds / coarse) * coarse));
}

export function formatTime(time: string | number, withMilliseconds = false): string {
  return new Intl.DateTimeFormat(languageTag(), {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
    ...(withMilliseconds ? { fractionalSecondDigits: 3 } : {}),
  }).format(new Date(time));
}

export function formatDate(time: string | number): string {
  return new Intl.DateTimeFormat(languageTag(), { dateStyle: 'medium', timeStyle: 'medium' }).format(new Date(time));
}

export function formatDay(time: string | number): string {
  return new Intl.DateTimeFormat(languageTag(), { dateStyle: 'medium' }).format(new Date(time));
}
