import type { VerdictRecord } from '../dataplane/dataplane.ts';
import { parseDuration } from '../model/durations.ts';
import { formatPrefix, prefix6 } from '../model/prefixes.ts';
import { type ReasonName, reasonDescription } from '../model/reasons.ts';
import type { EngineCore } from './core.ts';

const BLOCKING: ReadonlySet<ReasonName> = new Set(['DROP_RATE_LIMIT', 'DROP_SYN_LIMIT']);
/** Sources that are remembered as told of. */
const MOST_TOLD = 4096;
/** A flood from many sources is told of by some of them. */
const MOST_PER_SECOND = 20;
const SECOND = 1000;
/** One IPv6 host usually has a whole /64, and the kernel blocks it so. */
const NETWORK = 64;

/** Tells of sources that the kernel has put into the dynamic blacklist by itself, as far as it reports their packets. */
export class AutoBlocks {
  readonly #core: EngineCore;
  /** When each source may be told of again, Unix milliseconds. */
  readonly #told = new Map<string, number>();
  #second = 0;
  #count = 0;

  constructor(core: EngineCore) {
    this.#core = core;
  }

  notice({ at, reason, family, source }: VerdictRecord): void {
    const { rate_limit } = this.#core.config;
    if (!rate_limit.auto_block || family === 0 || !BLOCKING.has(reason)) return;
    const wide = family === 6 && rate_limit.v6_prefix <= NETWORK;
    const prefix = formatPrefix(wide ? prefix6(source.words, NETWORK) : source);
    if (at < (this.#told.get(prefix) ?? 0) || !this.#hasRoom(at)) return;
    if (this.#told.size >= MOST_TOLD) this.#told.clear();
    this.#told.set(prefix, at + parseDuration(rate_limit.auto_block_expiry) * SECOND);
    this.#core.events.emit({ type: 'dynamic', action: 'auto-blocked', prefix, reason: reasonDescription(reason) });
  }

  #hasRoom(at: number): boolean {
    const second = Math.floor(at / SECOND);
    if (second !== this.#second) this.#count = 0;
    this.#second = second;
    return this.#count++ < MOST_PER_SECOND;
  }
}
