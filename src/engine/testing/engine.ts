import { MemoryDataPlane, type MemoryOptions } from '../../dataplane/memory.ts';
import { defaultConfig } from '../../model/config.ts';
import { LISTS } from '../../model/entries.ts';
import { NetxfwError } from '../../model/errors.ts';
import type { EngineEvent } from '../../model/events.ts';
import type { Rule } from '../../model/rules.ts';
import { MemoryStore } from '../../store/memory-store.ts';
import type { RuleStore, StoredChange, StoredState } from '../../store/store.ts';
import { contents, dump } from '../../store/testing/rules.ts';
import { Engine } from '../engine.ts';

export const START = Date.parse('2026-01-02T03:04:05.678Z');

/** A store that refuses on demand. */
export class RefusingStore implements RuleStore {
  readonly inner = new MemoryStore();
  refusing = false;

  load() {
    return this.inner.load();
  }

  commit(changes: readonly StoredChange[], after: () => StoredState): void {
    if (this.refusing) throw new NetxfwError('STORE_WRITE_FAILED', 'the disk is full');
    this.inner.commit(changes, after);
  }

  problem(): string | null {
    return this.refusing ? 'the disk is full' : null;
  }

  close(): void {}
}

export interface World {
  readonly engine: Engine;
  readonly dataplane: MemoryDataPlane;
  readonly store: RefusingStore;
  readonly events: EngineEvent[];
  /** Unix milliseconds; assign to let time pass. */
  time: number;
}

export interface WorldOptions {
  readonly whitelist?: readonly string[];
  readonly capacity?: MemoryOptions['capacity'];
  readonly from?: World;
}

/** An engine on memory. With `from`, the next one after that one ended, on the same store and data plane. */
export async function openWorld({ whitelist = [], capacity, from }: WorldOptions = {}): Promise<World> {
  const clock = { time: from?.time ?? START };
  const now = () => clock.time;
  const dataplane = from?.dataplane ?? new MemoryDataPlane({ now, ...(capacity === undefined ? {} : { capacity }) });
  const store = from?.store ?? new RefusingStore();
  const engine = await Engine.open({
    dataplane,
    store,
    config: { ...defaultConfig(), whitelist: [...whitelist] },
    now,
  });
  const events: EngineEvent[] = [];
  engine.events.on((event) => events.push(event));
  return Object.defineProperty({ engine, dataplane, store, events, time: 0 }, 'time', {
    get: now,
    set: (time: number) => {
      clock.time = time;
    },
  });
}

/** Every rule of the engine. */
export function rulesOf(engine: Engine): readonly Rule[] {
  return engine.list({ limit: 10_000 }).rules;
}

/** Everything that must agree: what the engine lists, what the store would give back, what packets meet. */
export function stateOf({ engine, store, dataplane }: World) {
  return {
    rules: rulesOf(engine),
    stored: dump(contents(store)),
    fill: dataplane.fill().map(({ name, entries }) => [name, entries]),
  };
}

/** The prefixes of both lists, `+` for allow and `-` for deny. */
export function short(engine: Engine): string[] {
  return LISTS.flatMap((list) =>
    engine.list({ list, limit: 10_000 }).rules.map(({ prefix }) => `${list === 'allow' ? '+' : '-'}${prefix}`),
  );
}
