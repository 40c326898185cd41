import { createHash } from 'node:crypto';
import type { Feed } from '../../model/config-feeds.ts';
import { withoutCredentials } from '../../model/config-secrets.ts';
import { parseDuration } from '../../model/durations.ts';
import { NetxfwError } from '../../model/errors.ts';
import type { SourceResult } from '../../model/sources.ts';
import type { PluginContext } from '../define.ts';
import type { ProtectedAddresses } from '../protected.ts';
import { type CheckedList, checkList } from './check.ts';
import { fetchList, type Validators } from './fetch.ts';
import { encodeList, readListFile, writeListFile } from './list-file.ts';
import { readEntries } from './parse.ts';

/** What is kept of a feed between runs. */
interface Memory {
  readonly validators: Validators;
  /** Unix milliseconds: when it was last found good, or unchanged. */
  readonly checkedAt: number;
  /** Entries of the last good copy. */
  readonly entries: number;
  /** What the last good copy was made of: settings that change it make it be fetched anew. */
  readonly settings: string;
}

export interface FeedStatus {
  readonly name: string;
  readonly from: string;
  readonly action: 'deny' | 'allow';
  readonly entries: number;
  /** ISO 8601; null = never. */
  readonly checkedAt: string | null;
  readonly ok: boolean;
  readonly message: string;
}

export interface Refresh {
  readonly name: string;
  readonly changed: boolean;
  readonly entries: number;
  readonly added: number;
  readonly removed: number;
  readonly message: string;
}

/** Ask again this soon after a failure, milliseconds; doubled up to the feed's own interval. */
const RETRY = 60_000;

type FeedContext = Pick<PluginContext<unknown>, 'sdk' | 'store' | 'log' | 'signal'>;

/** One list of others: fetches it, looks at it, keeps the last good copy, and makes the firewall have exactly that. */
export class FeedRunner {
  readonly feed: Feed;
  readonly #context: FeedContext;
  readonly #file: string;
  readonly #protect: ProtectedAddresses;
  #memory: Memory | undefined;
  #problem: string | undefined;
  #notes = '';
  #failures = 0;
  /** There was a copy, and there is none: the list is asked for at once. */
  #lost = false;

  constructor(feed: Feed, directory: string, context: FeedContext, protect: ProtectedAddresses) {
    this.feed = feed;
    this.#context = context;
    this.#protect = protect;
    this.#file = `${directory}/${feed.name}.list`;
  }

  get source(): string {
    return `feed:${this.feed.name}`;
  }

  /** The last good copy, as text; null when there is none. */
  copy(): Buffer | null {
    const { copy, damage } = readListFile(this.#file);
    if (damage !== null) this.#context.log.warn(`feed ${this.feed.name}: ${damage}; the list is fetched anew`);
    return copy;
  }

  /** Puts the last good copy into force, which changes nothing when it still is. */
  async restore(): Promise<void> {
    this.#memory = await this.#context.store.get<Memory>(`feed ${this.feed.name}`);
    const copy = this.copy();
    if (copy !== null) await this.#apply(copy);
    // What is in force stays meanwhile.
    else this.#lost = this.#memory !== undefined;
  }

  /** Milliseconds until it should be looked at again. */
  wait(now: number): number {
    const interval = parseDuration(this.feed.refresh) * 1000;
    if (this.#failures > 0) return Math.min(interval, RETRY * 2 ** (this.#failures - 1));
    return this.#memory === undefined || this.#lost ? 0 : Math.max(0, this.#memory.checkedAt + interval - now);
  }

  /** @param force take the list even if it has shrunk a lot. @throws NetxfwError; the last good copy stays in force */
  async refresh(force = false): Promise<Refresh> {
    try {
      const done = await this.#refresh(force);
      this.#failures = 0;
      this.#lost = false;
      this.#problem = undefined;
      return done;
    } catch (error) {
      this.#failures++;
      this.#problem = NetxfwError.from(error).message;
      this.#context.log.warn(`feed ${this.feed.name}: ${this.#problem}; the last good copy stays in force`);
      throw error;
    }
  }

  status(): FeedStatus {
    const { name, from, action } = this.feed;
    const checkedAt = this.#memory === undefined ? null : new Date(this.#memory.checkedAt).toISOString();
    const entries = this.#memory?.entries ?? 0;
    const ok = this.#problem === undefined;
    return {
      name,
      from: withoutCredentials(from),
      action,
      entries,
      checkedAt,
      ok,
      message: this.#problem ?? this.#notes,
    };
  }

  async #refresh(force: boolean): Promise<Refresh> {
    const { feed } = this;
    const settings = settingsOf(feed);
    const same = this.#memory?.settings === settings && this.copy() !== null;
    const fetched = await fetchList(feed.from, same && !force ? this.#memory!.validators : {}, this.#context.signal);
    if (!fetched.changed) {
      await this.#remember({ ...this.#memory!, checkedAt: Date.now() });
      // With a life span, the entries have to be asked for again.
      if (feed.ttl !== null) await this.#apply(this.copy()!);
      return { ...this.#unchanged(), message: 'not changed' };
    }
    const list = await checkList(readEntries(fetched.bytes, feed), feed, this.#protect);
    const entries = list.v4.size + list.v6.size;
    if (!force) this.#refuseShrinking(entries);
    const bytes = encodeList(list.v4, list.v6);
    const result = await this.#apply(bytes);
    writeListFile(this.#file, bytes);
    this.#notes = notesOf(list);
    await this.#remember({ validators: fetched.validators, checkedAt: Date.now(), entries, settings });
    const { added, removed } = result;
    const facts = { feed: feed.name, entries, added, removed };
    if (added + removed > 0)
      this.#context.log.info(`feed refreshed${this.#notes === '' ? '' : `: ${this.#notes}`}`, facts);
    return { name: feed.name, changed: added + removed > 0, entries, added, removed, message: this.#notes };
  }

  #unchanged() {
    return { name: this.feed.name, changed: false, entries: this.#memory?.entries ?? 0, added: 0, removed: 0 };
  }

  #refuseShrinking(entries: number): void {
    const before = this.#memory?.entries ?? 0;
    const least = before * (1 - this.feed.max_shrink / 100);
    if (entries >= least && (entries > 0 || before === 0)) return;
    throw new NetxfwError('CONFLICT', `it has shrunk from ${before} to ${entries} entries`, {
      hint: `If that is right, run \`netxfw feeds refresh ${this.feed.name} --force\`.`,
    });
  }

  async #apply(data: Buffer): Promise<SourceResult> {
    const { name, action, ttl } = this.feed;
    const { rules } = this.#context.sdk;
    const other = action === 'deny' ? 'allow' : 'deny';
    const life = ttl === null ? {} : { ttl: parseDuration(ttl) };
    const result = await rules.replaceSource({
      source: this.source,
      list: action,
      data,
      reason: `feed ${name}`,
      name: `feed ${name}`,
      ...life,
    });
    // The action may have been another one before.
    if ((await rules.sources()).some(({ source, list }) => source === this.source && list === other)) {
      await rules.replaceSource({ source: this.source, list: other, data: [] });
    }
    return result;
  }

  async #remember(memory: Memory): Promise<void> {
    this.#memory = memory;
    await this.#context.store.set(`feed ${this.feed.name}`, memory);
  }
}

function notesOf({ invalid, firstInvalid, leftOut, tooWide }: CheckedList): string {
  return [
    invalid > 0 ? `${invalid} invalid, such as ${JSON.stringify(firstInvalid)}` : '',
    leftOut > 0 ? `${leftOut} private or needed by this host left out` : '',
    tooWide > 0 ? `${tooWide} too wide left out` : '',
  ]
    .filter((note) => note !== '')
    .join('; ');
}

/** What decides about the copy besides the list itself. */
function settingsOf({ refresh: _, ttl: __, max_shrink: ___, ...rest }: Feed): string {
  return createHash('sha256').update(JSON.stringify(rest)).digest('hex').slice(0, 16);
}
