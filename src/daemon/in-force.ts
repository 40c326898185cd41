import { type Config, defaultConfig } from '../model/config.ts';

/** Keys, or whole sections, that take no effect yet; a key goes with the change that makes it work. */
const NOT_IN_FORCE = ['stats_cache'];

/** Keys that were set, to another value than their default, and that nothing follows yet. */
export function keysNotInForce(config: Config): string[] {
  return changedKeys(config, defaultConfig(), '').filter((key) =>
    NOT_IN_FORCE.some((known) => key === known || key.startsWith(`${known}.`)),
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
