import type { DataPlane } from '../dataplane/dataplane.ts';
import type { ExplainRequest, ExplainResult } from '../model/explain.ts';
import { Conns } from './conns.ts';
import type { EngineCore } from './core.ts';
import { explain } from './explain.ts';
import { Verdicts } from './verdicts.ts';

export interface ObservationOptions {
  /** Everything is judged and nothing is dropped. */
  readonly monitored: () => boolean;
}

/** What can be looked at without changing rules: connections, verdicts, what would happen to a packet. */
export class Observation {
  readonly conns: Conns;
  readonly verdicts: Verdicts;
  readonly #core: EngineCore;
  readonly #options: ObservationOptions;

  constructor(core: EngineCore, options: ObservationOptions) {
    const dataplane: DataPlane = core.dataplane;
    this.#core = core;
    this.#options = options;
    this.conns = new Conns(dataplane, () => dataplane.fill());
    this.verdicts = new Verdicts(dataplane, core.now);
  }

  explain(request: ExplainRequest): ExplainResult {
    const { dataplane, table } = this.#core;
    return explain({ dataplane, table, monitored: this.#options.monitored }, request);
  }

  close(): void {
    this.verdicts.close();
  }
}
