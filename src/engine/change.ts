import { NetxfwError } from '../model/errors.ts';
import type { ChangeOptions } from '../model/operations.ts';
import type { StoredChange } from '../store/store.ts';
import type { Confirm } from './confirm.ts';
import type { EngineCore } from './core.ts';
import type { Lockout, Probe } from './lockout.ts';
import type { Common } from './overlap.ts';

/** Who makes a change, when the caller does not say. */
const NOBODY_IN_PARTICULAR = 'local';

/** One change on its way: who makes it, and what has to hold before it is applied. */
export interface Change {
  readonly origin: string;
  /** Before anything is different. */
  begin(core: EngineCore): void;
  /**
   * When the new state is in the tables and nothing is applied yet.
   * @param undo what leads back from it, of what is stored
   * @throws NetxfwError LOCKOUT_RISK, CONFLICT, STORE_WRITE_FAILED
   */
  review(undo: () => readonly StoredChange[]): void;
  /** It is true now. */
  done(): void;
  /** It failed, and everything is as before. */
  abandon(): void;
}

/** What the engine does without being asked: what ended, what is put back. */
export const BY_ITSELF: Change = {
  origin: 'netxfw',
  begin() {},
  review() {},
  done() {},
  abandon() {},
};

export interface Guards {
  readonly lockout: Lockout;
  readonly confirm: Confirm;
}

/** A change that somebody asked for. */
export class RequestedChange implements Change {
  readonly origin: string;
  readonly #options: ChangeOptions;
  readonly #guards: Guards;
  readonly #what: string;
  /** Gives the text of config.yaml to go back to; undefined when the change leaves the configuration alone. */
  readonly #configBefore: (() => string | null) | undefined;
  #core: EngineCore | undefined;
  #before: readonly Probe[] = [];
  #prepared = false;
  #common: Common | undefined;

  constructor(options: ChangeOptions, guards: Guards, what: string, configBefore?: () => string | null) {
    this.origin = options.origin ?? NOBODY_IN_PARTICULAR;
    this.#options = options;
    this.#guards = guards;
    this.#what = what;
    this.#configBefore = configBefore;
  }

  begin(core: EngineCore): void {
    this.#core = core;
    if (this.#options.confirm !== undefined) this.#guards.confirm.requireNone();
    if (this.#options.acceptRisk?.includes('lockout')) return;
    this.#before = this.#guards.lockout.probe(core, this.#options.protect ?? []);
  }

  review(undo: () => readonly StoredChange[]): void {
    this.#guards.lockout.refuseCuts(this.#core!, this.#before);
    const { confirm: seconds } = this.#options;
    if (seconds === undefined) {
      this.#common = this.#guards.confirm.commonWith(undo);
      return;
    }
    this.#guards.confirm.prepare({
      seconds,
      what: this.#what,
      origin: this.origin,
      changes: undo(),
      ...(this.#configBefore === undefined ? {} : { config: this.#configBefore() }),
    });
    this.#prepared = true;
  }

  done(): void {
    if (this.#prepared) this.#guards.confirm.arm();
    if (this.#common !== undefined) this.#guards.confirm.noteCommon(this.#common);
  }

  abandon(): void {
    if (!this.#prepared) return;
    try {
      this.#guards.confirm.abandon();
    } catch (error) {
      this.#core?.warn(NetxfwError.from(error).message);
    }
  }
}
