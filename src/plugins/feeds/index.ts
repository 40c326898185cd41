import { mkdirSync } from 'node:fs';
import * as z from 'zod';
import { type FeedsConfig, feedsSchema } from '../../model/config-feeds.ts';
import { NetxfwError } from '../../model/errors.ts';
import { definePlugin, type PluginContext } from '../define.ts';
import { ProtectedAddresses } from '../protected.ts';
import { checkList } from './check.ts';
import { countryNetworks } from './countries.ts';
import { FeedRunner, type FeedStatus, type Refresh } from './feed.ts';
import { encodeList } from './list-file.ts';
import { overlaps } from './overlap.ts';

const configSchema = z.strictObject({ feeds: feedsSchema, directory: z.string() });
const refreshSchema = z.strictObject({ name: z.string().nullable(), force: z.boolean() });

/** Longest sleep between two looks at what is due, milliseconds. */
const MAX_SLEEP = 60_000;

/** Lists that others keep, and countries, as sources of the firewall's own lists. */
export class Feeds {
  readonly #runners: readonly FeedRunner[];
  readonly #config: FeedsConfig;
  readonly #directory: string;
  readonly #context: PluginContext<unknown>;
  readonly #protect: ProtectedAddresses;
  #countries: FeedStatus[] = [];
  #timer: NodeJS.Timeout | undefined;
  #work: Promise<unknown> = Promise.resolve();

  constructor(
    config: FeedsConfig,
    directory: string,
    context: PluginContext<unknown>,
    protect = new ProtectedAddresses(),
  ) {
    const names = config.lists.map(({ name }) => name);
    const twice = names.find((name, i) => names.indexOf(name) !== i);
    if (twice !== undefined) throw new NetxfwError('CONFIG_INVALID', `two feeds are called ${twice}`);
    this.#config = config;
    this.#directory = directory;
    this.#context = context;
    this.#protect = protect;
    this.#runners = config.lists.map((feed) => new FeedRunner(feed, directory, context, protect));
  }

  /** Puts the last good copies and the countries into force, takes away what is no longer configured, and begins to refresh. */
  async start(): Promise<void> {
    // Stands for the fact that there were lists, also of countries: see the daemon.
    mkdirSync(this.#directory, { recursive: true, mode: 0o700 });
    for (const runner of this.#runners) await runner.restore();
    await this.#applyCountries();
    await this.#forget();
    this.#tellHealth();
    this.#schedule();
  }

  async stop(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#work.catch(() => {});
  }

  status(): readonly FeedStatus[] {
    return [...this.#runners.map((runner) => runner.status()), ...this.#countries];
  }

  /** Refreshes one feed or all; each that fails keeps its last good copy. */
  refresh(name: string | null, force: boolean): Promise<readonly (Refresh | { name: string; error: string })[]> {
    const chosen = this.#runners.filter(({ feed }) => name === null || feed.name === name);
    if (name !== null && chosen.length === 0) throw new NetxfwError('NOT_FOUND', `there is no feed ${name}`);
    return this.#serially(async () => {
      const done: (Refresh | { name: string; error: string })[] = [];
      for (const runner of chosen) {
        try {
          done.push(await runner.refresh(force));
        } catch (error) {
          done.push({ name: runner.feed.name, error: NetxfwError.from(error).message });
        }
      }
      this.#tellHealth();
      return done;
    });
  }

  overlap() {
    return overlaps(this.#runners.map((runner) => ({ name: runner.feed.name, text: runner.copy()?.toString() ?? '' })));
  }

  #schedule(): void {
    const wait = Math.min(MAX_SLEEP, ...this.#runners.map((runner) => runner.wait(Date.now())));
    this.#timer = setTimeout(() => {
      void this.#serially(async () => {
        for (const runner of this.#runners) {
          if (runner.wait(Date.now()) === 0 || runner.wait(Date.now()) <= wait) await runner.refresh().catch(() => {});
        }
        this.#tellHealth();
      }).finally(() => {
        if (!this.#context.signal.aborted) this.#schedule();
      });
    }, wait);
  }

  async #applyCountries(): Promise<void> {
    const { deny, allow, data } = this.#config.countries;
    const actions = [...deny.map((code) => [code, 'deny'] as const), ...allow.map((code) => [code, 'allow'] as const)];
    if (actions.length === 0) return;
    const networks = countryNetworks(
      actions.map(([code]) => code),
      data,
    );
    for (const [code, action] of actions) {
      const name = code.toLowerCase();
      const bounds = { action, max_entries: 1_000_000, min_prefix_v4: 1, min_prefix_v6: 1, keep_private: false };
      const list = await checkList([networks.get(name)!], bounds, this.#protect);
      const data = encodeList(list.v4, list.v6);
      const reason = `country ${name}`;
      const { entries } = await this.#context.sdk.rules.replaceSource({
        source: `country:${name}`,
        list: action,
        data,
        reason,
      });
      const message =
        list.leftOut > 0 ? `${list.leftOut} networks that hold private addresses or what this host needs left out` : '';
      this.#countries.push({
        name: `country ${name}`,
        from: 'countries',
        action,
        entries,
        checkedAt: null,
        ok: true,
        message,
      });
    }
  }

  /** Takes back what feeds and countries want that the configuration no longer names. */
  async #forget(): Promise<void> {
    const { countries } = this.#config;
    const known = new Set([
      ...this.#runners.map(({ source, feed }) => `${source} ${feed.action}`),
      ...countries.deny.map((code) => `country:${code.toLowerCase()} deny`),
      ...countries.allow.map((code) => `country:${code.toLowerCase()} allow`),
    ]);
    await forgetSources(this.#context, (source, list) => known.has(`${source} ${list}`));
  }

  #tellHealth(): void {
    const all = this.status();
    const broken = all.filter(({ ok }) => !ok);
    const entries = all.reduce((sum, feed) => sum + feed.entries, 0);
    const figures = `${all.length} lists with ${entries} entries`;
    const [first] = broken;
    this.#context.health(
      first === undefined,
      first === undefined ? figures : `${first.name}: ${first.message} (${figures})`,
    );
  }

  #serially<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#work.then(work, work);
    this.#work = result;
    return result;
  }
}

/** Takes back everything of feeds and countries but what `keep` names. */
export async function forgetSources(
  { sdk, log }: Pick<PluginContext<unknown>, 'sdk' | 'log'>,
  keep: (source: string, list: string) => boolean,
): Promise<void> {
  for (const { source, list, entries } of await sdk.rules.sources()) {
    if (!/^(feed|country):/.test(source) || keep(source, list)) continue;
    await sdk.rules.replaceSource({ source, list, data: [] });
    log.info(`${source} is not configured any more: ${entries} entries released`);
  }
}

export default definePlugin({
  name: 'feeds',
  schema: configSchema,
  async setup(context) {
    const { feeds: config, directory } = context.config;
    const feeds = new Feeds(config, directory, context);
    await feeds.start();
    return {
      stop: () => feeds.stop(),
      commands: {
        status: () => feeds.status(),
        refresh: (argument) => {
          const { name, force } = refreshSchema.parse(argument);
          return feeds.refresh(name, force);
        },
        overlap: () => feeds.overlap(),
      },
    };
  },
});
