import { parseDuration } from '../model/durations.ts';
import type { ListName } from '../model/entries.ts';
import { NetxfwError } from '../model/errors.ts';
import { parsePorts } from '../model/ports.ts';
import { parsePrefix } from '../model/prefixes.ts';
import type { RuleInput } from '../model/rules.ts';

interface EntryOptions {
  readonly ttl?: string | undefined;
  readonly reason?: string | undefined;
}

/** Options of every command that makes an entry. */
export const ENTRY_OPTIONS = {
  ttl: { value: 'DURATION', help: 'the entry ends by itself after this time: 30s, 10m, 1h, 7d' },
  reason: { value: 'TEXT', help: 'why; shown in lists (at most 63 bytes)' },
} as const;

/** Option of the commands that attach the filter. */
export const INTERFACE_OPTION = {
  interface: {
    short: 'i',
    value: 'NAME',
    many: true,
    help: 'network interface instead of those in config.yaml',
    complete: 'interface',
  },
} as const;

/** What those options say. @throws NetxfwError INVALID_DURATION */
export function entryFields({ ttl, reason }: EntryOptions): { readonly ttl?: number; readonly reason?: string } {
  return {
    ...(ttl === undefined ? {} : { ttl: parseDuration(ttl) }),
    ...(reason === undefined ? {} : { reason }),
  };
}

/** One rule for each address. @throws NetxfwError INVALID_ADDRESS, INVALID_DURATION */
export function ruleInputs(list: ListName, addresses: readonly string[], options: EntryOptions): RuleInput[] {
  const fields = entryFields(options);
  return addresses.map((address) => ({ list, prefix: checkPrefix(address), ...fields }));
}

/** Refuses what is no address before anything is asked of the daemon. */
export function checkPrefix(text: string): string {
  parsePrefix(text);
  return text;
}

/** @throws NetxfwError USAGE */
export function wholeNumber(option: string, text: string | undefined, least: number): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,9}$/.test(text) && Number(text) >= least) return Number(text);
  throw new NetxfwError('USAGE', `${option} is "${text}": it must be a whole number of at least ${least}`);
}

/** @throws NetxfwError INVALID_PORT */
export function portNumber(text: string): number {
  const { from, to, protocol } = parsePorts(text);
  if (from !== to || protocol !== 'any') throw new NetxfwError('INVALID_PORT', `"${text}" is not one port`);
  return from;
}

/** `-i eth0 -i eth1` and `-i eth0,eth1` alike. */
export function interfaceNames(values: readonly string[]): string[] {
  return values.flatMap((value) => value.split(',')).filter((name) => name !== '');
}
