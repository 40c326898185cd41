import { NetxfwError } from '../../model/errors.ts';
import { formatPrefix, parsePrefix } from '../../model/prefixes.ts';
import type { SourceEntry } from '../../model/sources.ts';
import type { Netxfw } from '../../sdk/types.ts';
import type { PluginLog } from '../define.ts';
import type { ProtectedAddresses } from '../protected.ts';
import type { Finding } from './judge.ts';

/** Blocks that wait for the firewall; beyond that the newest are dropped and counted. */
const MAX_WAITING = 10_000;
/** Seconds of a dynblack that names none. */
const DEFAULT_TTL = 600;

export interface BlockerOptions {
  readonly sdk: Pick<Netxfw, 'rules' | 'dynamic'>;
  readonly protect: ProtectedAddresses;
  readonly log: PluginLog;
  readonly onProblem: (message: string) => void;
}

/** Carries out what findings ask for: one at a time, and never against those whom it must not hit. */
export class Blocker {
  blocked = 0;
  spared = 0;
  lost = 0;
  readonly #options: BlockerOptions;
  readonly #waiting: Finding[] = [];
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
    for (let finding = this.#waiting.shift(); finding !== undefined; finding = this.#waiting.shift()) {
      try {
        await this.#carryOut(finding);
      } catch (error) {
        // Whoever cannot be told from a friend is not blocked.
        this.lost++;
        this.#options.onProblem(`${finding.offender} was not blocked: ${NetxfwError.from(error).message}`);
      }
    }
  }

  async #carryOut(finding: Finding): Promise<void> {
    const { sdk, protect, log } = this.#options;
    const { rule, lines } = finding;
    const host = finding.host!;
    const { kind, ttl } = rule.action;
    const why = protect.reason(host) ?? (await this.#whitelisted(formatPrefix(host)));
    const facts = { rule: rule.config.id, offender: finding.offender, lines };
    if (why !== undefined) {
      this.spared++;
      log.info(`not blocked: ${why}`, facts);
      return;
    }
    // The network around a host of ours is not blocked for one neighbour.
    const prefix = protect.inside(parsePrefix(finding.offender).prefix) ? formatPrefix(host) : finding.offender;
    const reason = `log ${rule.config.id}`;
    if (kind === 'dynblack') await sdk.dynamic.add({ prefix, reason, ttl: ttl ?? DEFAULT_TTL });
    if (kind === 'deny') {
      const entry: SourceEntry = { prefix, reason, ...(ttl === undefined ? {} : { ttl }) };
      await sdk.rules.updateSource({ source: `log:${rule.config.id}`, list: 'deny', add: [entry], remove: [] });
    }
    if (kind !== 'log') this.blocked++;
    log.info(kind === 'log' ? 'found' : `blocked (${rule.config.action})`, { ...facts, offender: prefix });
  }

  async #whitelisted(address: string): Promise<string | undefined> {
    const allowed = (await this.#options.sdk.rules.match(address)).find(({ rule }) => rule.list === 'allow');
    return allowed === undefined ? undefined : `whitelisted by ${allowed.rule.prefix}`;
  }
}
