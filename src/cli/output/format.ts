import { formatDuration } from '../../model/durations.ts';

/** 1234567 -> `1,234,567` */
export function formatCount(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** 1536 -> `1.5 KiB` */
export function formatBytes(value: number): string {
  let rest = value;
  let unit = 0;
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];
  while (rest >= 1024 && unit < units.length - 1) {
    rest /= 1024;
    unit++;
  }
  return `${unit === 0 ? rest : rest.toFixed(1)} ${units[unit]}`;
}

/** 1 -> `1 entry`, 2 -> `2 entries` */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

/** ISO 8601 -> `2026-01-31 12:00:00`, UTC. */
export function formatTime(iso: string): string {
  return iso.slice(0, 19).replace('T', ' ');
}

/** What is left of a time to live in its two largest units: `59m30s`, `2d3h`; `-` for an entry that stays. */
export function formatRemaining(expiresAt: string | null, now: number): string {
  if (expiresAt === null) return '-';
  return roughly(Math.ceil((Date.parse(expiresAt) - now) / 1000));
}

/** How long ago: `3m20s`. */
export function formatAge(since: string, now: number): string {
  return roughly(Math.floor((now - Date.parse(since)) / 1000));
}

function roughly(seconds: number): string {
  const exact = formatDuration(seconds);
  return /^(?:\d+[dhms]){1,2}/.exec(exact)?.[0] ?? exact;
}
