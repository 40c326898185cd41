import { type Config, defaultConfig } from '../model/config.ts';

/** Keys, or whole sections, that take effect; a key is listed by the change that makes it work. */
const IN_FORCE = [
  'mode',
  'base.interfaces',
  'base.xdp_mode',
  'base.bpf_pin_path',
  'base.persist_rules',
  'paths',
  'whitelist',
  'capacity',
  'conntrack.max_entries',
  'logging',
];

/** Keys that were set, to another value than their default, and that nothing follows yet. */
export function keysNotInForce(config: Config): string[] {
  return changedKeys(config, defaultConfig(), '').filter(
    (key) => !IN_FORCE.some((known) => key === known || key.startsWith(`${known}.`)),
  );
}

function changedKeys(value: unknown, standard: unknown, path: string): string[] {
  if (isSection(value) && isSection(standard)) {
    return Object.keys(value).flatMap((key) =>
      changedKeys(value[key], standard[key], path === '' ? key : `${path}.${key}`),
    );
  }
  return JSON.stringify(value) === JSON.stringify(standard) ? [] : [path];
}

function isSection(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
