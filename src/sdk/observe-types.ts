import type { FlowCounts, FlowFilter, FlowPage, FlowQuery } from '../model/conns.ts';
import type { EngineEvent, EventFilter, EventTop, VerdictEvent } from '../model/events.ts';
import type { ExplainRequest, ExplainResult } from '../model/explain.ts';
import type { ExtensionStatus } from '../model/extensions.ts';
import type { ChangeOptions, HealthReport, PerfReport, PluginSlot } from '../model/operations.ts';

export interface ConnAPI {
  list(query?: FlowQuery): Promise<FlowPage>;
  counts(): Promise<FlowCounts>;
  /** @returns how many were removed */
  flush(filter?: FlowFilter): Promise<number>;
}

export interface EventAPI {
  /** Live verdicts until the signal aborts; a slow reader loses events and is told how many. */
  verdicts(filter?: EventFilter, signal?: AbortSignal): AsyncIterable<VerdictEvent | { readonly lost: number }>;
  engine(signal?: AbortSignal): AsyncIterable<EngineEvent>;
  top(): Promise<EventTop>;
}

export interface ExplainAPI {
  explain(request: ExplainRequest): Promise<ExplainResult>;
}

export interface PluginAPI {
  load(file: string, slot: number, options?: ChangeOptions): Promise<PluginSlot>;
  remove(slot: number, options?: ChangeOptions): Promise<void>;
  list(): Promise<readonly PluginSlot[]>;
}

/** Plugins in TypeScript; they run in the daemon. */
export interface ExtensionAPI {
  list(): Promise<readonly ExtensionStatus[]>;
  /** Calls a command of a plugin with a JSON value. Rejects with NOT_FOUND, or what the plugin threw. */
  call(name: string, command: string, argument?: unknown): Promise<unknown>;
}

export interface PerfAPI {
  get(): Promise<PerfReport>;
  reset(): Promise<void>;
}

export interface HealthAPI {
  check(): Promise<HealthReport>;
}
