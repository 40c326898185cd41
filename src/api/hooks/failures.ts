import { NetxfwError } from '../../model/errors.ts';
import { Recent } from '../../model/recent.ts';
import { networkOf } from './peer.ts';

export interface FailureOptions {
  /** Failures that may come at once. */
  readonly burst?: number;
  /** Time after which one more is allowed, milliseconds. */
  readonly interval?: number;
  /** Milliseconds of a clock that only goes forward. */
  readonly now?: () => number;
}

/** Peers remembered at once; those that failed longest ago are forgotten first. */
const MAX_PEERS = 20_000;

/**
 * Slows down who sends wrong credentials, by peer. Right ones are always let in: they are too long to be guessed, and
 * nobody may shut others out by failing in their name.
 */
export class FailureLimit {
  /** Peer -> when its budget is whole again. */
  readonly #full = new Recent<number>(MAX_PEERS);
  readonly #burst: number;
  readonly #interval: number;
  readonly #now: () => number;

  constructor({ burst = 10, interval = 6000, now = () => performance.now() }: FailureOptions = {}) {
    this.#burst = burst;
    this.#interval = interval;
    this.#now = now;
  }

  /** Counts a failure. @returns the refusal that the peer gets */
  refuse(peer: string, message: string): NetxfwError {
    const wait = this.#count(networkOf(peer));
    if (wait === 0) return new NetxfwError('UNAUTHORIZED', message);
    const seconds = Math.ceil(wait / 1000);
    return new NetxfwError('TOO_MANY_REQUESTS', 'too many requests without a valid token came from your address', {
      hint: `Wait ${seconds} seconds, then send a valid token.`,
      details: { retryAfter: seconds },
    });
  }

  /** @returns milliseconds to wait; 0 while there is budget */
  #count(peer: string): number {
    const now = this.#now();
    const full = Math.max(this.#full.get(peer) ?? 0, now);
    const wait = full - now - (this.#burst - 1) * this.#interval;
    if (wait > 0) return wait;
    this.#full.set(peer, full + this.#interval);
    return 0;
  }
}
