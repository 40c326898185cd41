import * as z from 'zod';
import { formatPrefix, parsePrefix } from '../../model/prefixes.ts';
import type { SourceEntry } from '../../model/sources.ts';

const decisionSchema = z.object({
  id: z.number(),
  origin: z.string(),
  scope: z.string(),
  type: z.string(),
  value: z.string(),
  duration: z.string(),
  scenario: z.string(),
});

/** GET /v1/decisions/stream of CrowdSec's local API. */
export const streamSchema = z.object({
  new: z.array(decisionSchema).nullable(),
  deleted: z.array(decisionSchema).nullable(),
});

export type DecisionStream = z.output<typeof streamSchema>;
type RawDecision = z.output<typeof decisionSchema>;

interface Decision {
  readonly origin: string;
  readonly prefix: string;
  /** Unix milliseconds. */
  readonly until: number;
  readonly scenario: string;
}

/** What one origin wants to have changed. */
export interface OriginChange {
  readonly origin: string;
  readonly add: readonly SourceEntry[];
  readonly remove: readonly string[];
}

const UNITS: Readonly<Record<string, number>> = {
  h: 3_600_000,
  m: 60_000,
  s: 1000,
  ms: 1,
  us: 0.001,
  µs: 0.001,
  ns: 1e-6,
};
/** Ends are rounded up to whole minutes, so that thousands of entries share theirs. */
const MINUTE = 60_000;
const MAX_REASON = 63;

/** Go's way to write a duration: `3h59m53.1s`, `-5m`. Milliseconds; NaN when it is none. */
export function parseGoDuration(text: string): number {
  const sign = text.startsWith('-') ? -1 : 1;
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(h|ms|m|us|µs|ns|s)/g)];
  if (parts.map(([part]) => part).join('') !== text.replace(/^-/, '') || parts.length === 0) return Number.NaN;
  return sign * parts.reduce((sum, [, count, unit]) => sum + Number(count) * UNITS[unit!]!, 0);
}

/**
 * Every decision by its number. One address may be decided on several times, by one origin or by several, and stays blocked
 * until the last of them is gone.
 */
export class Decisions {
  readonly #byId = new Map<number, Decision>();
  /** Origin and prefix -> numbers. */
  readonly #byPlace = new Map<string, Set<number>>();
  /** Decisions that are no ban of an address or network. */
  ignored = 0;

  get size(): number {
    return this.#byId.size;
  }

  clear(): void {
    this.#byId.clear();
    this.#byPlace.clear();
  }

  /** Takes in a portion of the stream, deletions first. @returns what it means for each origin */
  apply({ new: added, deleted }: DecisionStream, now: number): OriginChange[] {
    const touched = new Map<string, { readonly origin: string; readonly prefix: string }>();
    const touch = (one: Decision) => touched.set(placeOf(one), one);
    for (const raw of deleted ?? []) {
      const known = this.#byId.get(raw.id);
      if (known === undefined) continue;
      this.#byId.delete(raw.id);
      this.#byPlace.get(placeOf(known))?.delete(raw.id);
      touch(known);
    }
    for (const raw of added ?? []) {
      const decision = decisionOf(raw, now);
      if (decision === undefined) {
        this.ignored++;
        continue;
      }
      const place = placeOf(decision);
      this.#byId.set(raw.id, decision);
      this.#byPlace.set(place, (this.#byPlace.get(place) ?? new Set()).add(raw.id));
      touch(decision);
    }
    return this.#changes([...touched.values()], now);
  }

  /** Everything that each origin wants now. */
  all(now: number): Map<string, SourceEntry[]> {
    const wanted = new Map<string, SourceEntry[]>();
    for (const [place, ids] of this.#byPlace) {
      const [origin] = place.split('\0') as [string];
      const entry = this.#entry(ids, now);
      if (entry === undefined) continue;
      const entries = wanted.get(origin);
      if (entries === undefined) wanted.set(origin, [entry]);
      else entries.push(entry);
    }
    return wanted;
  }

  #changes(places: readonly { readonly origin: string; readonly prefix: string }[], now: number): OriginChange[] {
    const changes = new Map<string, { origin: string; add: SourceEntry[]; remove: string[] }>();
    for (const { origin, prefix } of places) {
      const change = changes.get(origin) ?? { origin, add: [], remove: [] };
      changes.set(origin, change);
      const entry = this.#entry(this.#byPlace.get(`${origin}\0${prefix}`) ?? new Set(), now);
      if (entry === undefined) {
        change.remove.push(prefix);
        this.#byPlace.delete(`${origin}\0${prefix}`);
      } else change.add.push(entry);
    }
    return [...changes.values()];
  }

  /** The decision that lasts longest speaks for them all; those that have ended are forgotten. */
  #entry(ids: Set<number>, now: number): SourceEntry | undefined {
    let longest: Decision | undefined;
    for (const id of ids) {
      const decision = this.#byId.get(id)!;
      if (decision.until <= now) {
        ids.delete(id);
        this.#byId.delete(id);
      } else if (longest === undefined || decision.until > longest.until) longest = decision;
    }
    if (longest === undefined) return undefined;
    const ttl = (Math.ceil(longest.until / MINUTE) * MINUTE - now) / 1000;
    return { prefix: longest.prefix, reason: longest.scenario, ttl: Math.max(1, ttl) };
  }
}

function placeOf({ origin, prefix }: { readonly origin: string; readonly prefix: string }): string {
  return `${origin}\0${prefix}`;
}

function decisionOf(
  { origin, scope, type, value, duration, scenario }: RawDecision,
  now: number,
): Decision | undefined {
  const life = parseGoDuration(duration);
  if (type !== 'ban' || !/^(ip|range)$/i.test(scope) || !(life > 0)) return undefined;
  try {
    return { origin, prefix: formatPrefix(parsePrefix(value).prefix), until: now + life, scenario: reasonOf(scenario) };
  } catch {
    return undefined;
  }
}

/** One line of at most as many bytes as the kernel keeps. */
function reasonOf(scenario: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is taken out
  const clean = scenario.replace(/[\u0000-\u001f\u007f]/g, ' ');
  let text = clean;
  while (Buffer.byteLength(text) > MAX_REASON) text = text.slice(0, -1);
  return text;
}
