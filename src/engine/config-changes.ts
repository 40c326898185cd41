import type { Config } from '../model/config.ts';

/** Keys, or whole sections, that only a restart can follow. */
const AT_START = ['paths', 'base.bpf_pin_path', 'base.persist_rules', 'logging.path'];
const MAX_VALUE = 60;
/** What they hold may be secret, while everybody who may look is told of changes. */
const UNSHOWN = ['crowdsec.api_key', 'crowdsec.url', 'feeds.lists', 'plugins'];

/** A key that two configurations set differently. */
export interface KeyChange {
  readonly key: string;
  /** `base.default_deny: false -> true` */
  readonly text: string;
  readonly atStart: boolean;
}

export function configChanges(before: Config, after: Config): KeyChange[] {
  return changesAt('', before, after);
}

function changesAt(path: string, before: unknown, after: unknown): KeyChange[] {
  if (isSection(before) && isSection(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    return keys.flatMap((key) => changesAt(path === '' ? key : `${path}.${key}`, before[key], after[key]));
  }
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  const atStart = AT_START.some((known) => path === known || path.startsWith(`${known}.`));
  return [
    {
      key: path,
      text: `${path}: ${UNSHOWN.includes(path) ? unshown(before, after) : difference(before, after)}`,
      atStart,
    },
  ];
}

function difference(before: unknown, after: unknown): string {
  const whole = `${shown(before)} -> ${shown(after)}`;
  return whole.length > MAX_VALUE && Array.isArray(before) && Array.isArray(after) ? counted(before, after) : whole;
}

function unshown(before: unknown, after: unknown): string {
  return Array.isArray(before) && Array.isArray(after) ? counted(before, after) : 'changed';
}

function counted(before: readonly unknown[], after: readonly unknown[]): string {
  const [old, now] = [before, after].map((list) => new Set(list.map((item) => JSON.stringify(item))));
  const count = (items: Set<string>, others: Set<string>) => [...items].filter((item) => !others.has(item)).length;
  return `${count(now!, old!)} added, ${count(old!, now!)} removed`;
}

function shown(value: unknown): string {
  if (value === undefined) return 'not set';
  return typeof value === 'string' ? value : JSON.stringify(value).replaceAll('"', '').replaceAll(',', ', ');
}

function isSection(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
