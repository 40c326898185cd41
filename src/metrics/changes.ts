import { Counter, type Registry } from 'prom-client';
import type { EngineEvent } from '../model/events.ts';
import type { Netxfw } from '../sdk/types.ts';

/** What happens in the engine, counted as it is told. */
export class ChangeCounters {
  readonly #rules: Counter<'list' | 'change'>;
  readonly #dynamic: Counter<'action'>;
  readonly #reloads: Counter<'kind'>;

  constructor(registry: Registry) {
    const counter = <L extends string>(name: string, help: string, ...labelNames: L[]) =>
      new Counter({ name, help, labelNames, registers: [registry] });
    this.#rules = counter('netxfw_rule_changes_total', 'Entries added, removed and expired.', 'list', 'change');
    this.#dynamic = counter(
      'netxfw_dynamic_changes_total',
      'Changes of the dynamic blacklist; auto-blocked are those of the rate limits.',
      'action',
    );
    this.#reloads = counter('netxfw_reloads_total', 'Configurations that were applied, or failed to be.', 'kind');
    for (const list of ['allow', 'deny'] as const) {
      for (const change of ['added', 'removed', 'expired']) this.#rules.inc({ list, change }, 0);
    }
    for (const action of ['added', 'removed', 'auto-blocked', 'cleared']) this.#dynamic.inc({ action }, 0);
    for (const kind of ['none', 'incremental', 'full', 'failed', 'rolled-back']) this.#reloads.inc({ kind }, 0);
  }

  /** Counts until the signal aborts or the engine ends. */
  async follow(netxfw: Netxfw, signal: AbortSignal): Promise<void> {
    for await (const event of netxfw.events.engine(signal)) this.#count(event);
  }

  #count(event: EngineEvent): void {
    switch (event.type) {
      case 'rules':
        this.#rules.inc({ list: event.list, change: 'added' }, event.added);
        this.#rules.inc({ list: event.list, change: 'removed' }, event.removed);
        break;
      case 'expired':
        this.#rules.inc({ list: event.list, change: 'expired' }, event.count);
        break;
      case 'dynamic':
        this.#dynamic.inc({ action: event.action });
        break;
      case 'reload':
        this.#reloads.inc({ kind: event.kind });
        break;
    }
  }
}
