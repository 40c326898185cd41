import { NetxfwError } from '../../model/errors.ts';
import { covers, formatPrefix, type Prefix, parsePrefix } from '../../model/prefixes.ts';
import type { SourceEntry } from '../../model/sources.ts';
import type { Netxfw } from '../../sdk/types.ts';
import type { PluginLog } from '../define.ts';
import type { ProtectedAddresses } from '../protected.ts';
import type { Finding } from './judge.ts';

/** Blocks that wait for the firewall; beyond that the newest are dropped and counted. */
const MAX_WAITING = 100_000;
/** Blocks that are carried out together, and requests for them that are on their way at a time. */
const BATCH = 1000;
const LANES = 32;
/** From so many on, the whitelist is asked for once instead of each of them, if it is no longer than this. */
const MANY = 8;
const MAX_WHITELIST = 1000;
/** Seconds of a dynblack that names none. */
const DEFAULT_TTL = 600;

export interface BlockerOptions {
  readonly sdk: Pick<Netxfw, 'rules' | 'dynamic'>;
  readonly protect: ProtectedAddresses;
  readonly log: PluginLog;
  readonly onProblem: (message: string) => void;
}

/** What is to be done about an offender who may be hit. */
interface Block {
  readonly finding: Finding;
  readonly prefix: string;
}

/** Carries out what findings ask for, many at a time, and never against those whom it must not hit. */
export class Blocker {
  blocked = 0;
  spared = 0;
  lost = 0;
  readonly #options: BlockerOptions;
  #waiting: Finding[] = [];
  #working: Promise<void> | undefined;

  constructor(options: BlockerOptions) {
    this.#options = options;
  }

  add(finding: Finding): void {
    if (this.#waiting.length >= MAX_WAITING) {
      if (this.lost++ % MAX_WAITING === 0) this.#options.onProblem('more is to be blocked than the firewall takes');
      return;
    }
    this.#waiting.push(finding);
    this.#working ??= this.#work().finally(() => {
      this.#working = undefined;
    });
  }

  /** Resolves when everything that was added is done. */
  async idle(): Promise<void> {
    await this.#working;
  }

  async #work(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, BATCH);
      const blocks: Block[] = [];
      const known = batch.length < MANY ? undefined : await this.#whitelist().catch(() => undefined);
      const look = async (finding: Finding) => {
        const block = await this.#blockFor(finding, known);
        if (block !== undefined) blocks.push(block);
      };
      await this.#each(batch, look, (finding) => finding);
      const [denied, others] = [blocks.filter(isDenial), blocks.filter((block) => !isDenial(block))];
      for (const rule of new Set(denied.map(({ finding }) => finding.rule))) {
        await this.#deny(denied.filter(({ finding }) => finding.rule === rule));
      }
      await this.#each(
        others,
        (block) => this.#carryOut(block),
        ({ finding }) => finding,
      );
    }
  }

  /** Runs something for each, some at a time; one that fails keeps none of the others back. */
  async #each<Item>(
    items: readonly Item[],
    run: (item: Item) => Promise<void>,
    findingOf: (item: Item) => Finding,
  ): Promise<void> {
    let at = 0;
    const lane = async () => {
      for (let item = items[at++]; item !== undefined; item = items[at++]) {
        await run(item).catch((error: unknown) => this.#lose(findingOf(item), error));
      }
    };
    await Promise.all(Array.from({ length: LANES }, lane));
  }

  /** Whoever cannot be told from a friend is not blocked. */
  #lose({ offender }: Finding, error: unknown): void {
    this.lost++;
    this.#options.onProblem(`${offender} was not blocked: ${NetxfwError.from(error).message}`);
  }

  /** @returns undefined for those who must not be hit */
  async #blockFor(finding: Finding, known: readonly Prefix[] | undefined): Promise<Block | undefined> {
    const { protect, log } = this.#options;
    const host = finding.host!;
    const why = protect.reason(host) ?? (await this.#whitelisted(host, known));
    if (why !== undefined) {
      this.spared++;
      log.info(`not blocked: ${why}`, factsOf(finding));
      return undefined;
    }
    // The network around a host of ours is not blocked for one neighbour.
    const alone = protect.inside(parsePrefix(finding.offender).prefix);
    return { finding, prefix: alone ? formatPrefix(host) : finding.offender };
  }

  /** All of one rule as one change; one by one when that is refused, so that the rest of them is blocked. */
  async #deny(blocks: readonly Block[]): Promise<void> {
    const { config, action } = blocks[0]!.finding.rule;
    const change = (some: readonly Block[]) => {
      const rest = { reason: `log ${config.id}`, ...(action.ttl === undefined ? {} : { ttl: action.ttl }) };
      const add: SourceEntry[] = some.map(({ prefix }) => ({ prefix, ...rest }));
      return this.#options.sdk.rules.updateSource({ source: `log:${config.id}`, list: 'deny', add, remove: [] });
    };
    try {
      await change(blocks);
      for (const block of blocks) this.#done(block);
    } catch (error) {
      if (blocks.length === 1) this.#lose(blocks[0]!.finding, error);
      else for (const block of blocks) await this.#deny([block]);
    }
  }

  async #carryOut(block: Block): Promise<void> {
    const { config, action } = block.finding.rule;
    if (action.kind === 'dynblack') {
      const reason = `log ${config.id}`;
      await this.#options.sdk.dynamic.add({ prefix: block.prefix, reason, ttl: action.ttl ?? DEFAULT_TTL });
    }
    this.#done(block);
  }

  #done({ finding, prefix }: Block): void {
    const { config, action } = finding.rule;
    if (action.kind !== 'log') this.blocked++;
    const what = action.kind === 'log' ? 'found' : `blocked (${config.action})`;
    this.#options.log.info(what, { ...factsOf(finding), offender: prefix });
  }

  async #whitelisted(host: Prefix, known: readonly Prefix[] | undefined): Promise<string | undefined> {
    if (known !== undefined) {
      const allowed = known.find((prefix) => covers(prefix, host));
      return allowed && `whitelisted by ${formatPrefix(allowed)}`;
    }
    const allowed = (await this.#options.sdk.rules.match(formatPrefix(host))).find(({ rule }) => rule.list === 'allow');
    return allowed === undefined ? undefined : `whitelisted by ${allowed.rule.prefix}`;
  }

  /** The whole whitelist; undefined when it is long. */
  async #whitelist(): Promise<readonly Prefix[] | undefined> {
    const { rules, total } = await this.#options.sdk.rules.list({ list: 'allow', limit: MAX_WHITELIST });
    return total > rules.length ? undefined : rules.map(({ prefix }) => parsePrefix(prefix).prefix);
  }
}

const isDenial = ({ finding }: Block): boolean => finding.rule.action.kind === 'deny';
const factsOf = ({ rule, offender, lines }: Finding) => ({ rule: rule.config.id, offender, lines });
