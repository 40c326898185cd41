import type { Flow, FlowCounts } from '../model/conns.ts';
import type { EventTop, TopEntry, VerdictEvent } from '../model/events.ts';
import type { ExplainResult } from '../model/explain.ts';
import type { ExtensionStatus } from '../model/extensions.ts';
import type { TestReport } from '../model/log-test.ts';
import type {
  CacheFigures,
  LatencyFigures,
  PendingConfirm,
  PerfReport,
  PluginSlot,
  TrafficFigures,
} from '../model/operations.ts';
import type { SourceCount, SourceResult } from '../model/sources.ts';
import type { ReasonStats, SystemStatus } from '../model/status.ts';
import type { Document } from './documents.ts';

/** conntrack list */
export interface FlowsDocument extends Document {
  /** Flows that match, on all pages. */
  readonly total: number;
  readonly offset: number;
  readonly flows: readonly Flow[];
}

/** conntrack count */
export interface FlowCountsDocument extends Document, FlowCounts {}

/** perf show */
export interface PerfDocument extends Document {
  readonly perf: PerfReport;
}

/** perf latency */
export interface LatencyDocument extends Document {
  readonly latency: readonly LatencyFigures[];
}

/** perf cache */
export interface CacheDocument extends Document {
  readonly caches: readonly CacheFigures[];
}

/** perf traffic; with --watch one a line */
export interface TrafficDocument extends Document {
  readonly traffic: TrafficFigures;
}

/** events tail: one a line, either an event or how many were lost */
export interface EventDocument extends Document {
  readonly event?: VerdictEvent;
  readonly lost?: number;
}

/** events top */
export interface TopDocument extends Document {
  readonly top: EventTop;
}

export interface ExplainDocument extends Document {
  readonly explain: ExplainResult;
}

/** status; what could not be read is null */
export interface Overview {
  readonly status: SystemStatus;
  readonly policy: { readonly defaultDeny: boolean; readonly mode: 'enforce' | 'monitor' } | null;
  readonly rates: Pick<TrafficFigures, 'passed' | 'dropped'> | null;
  /** The reasons that dropped most, since the tables were made. */
  readonly drops: readonly ReasonStats[] | null;
  /** The sources that were dropped most in the last minute. */
  readonly topSources: readonly TopEntry[] | null;
  /** A change that is undone unless it is confirmed. */
  readonly pending: PendingConfirm | null;
  /** The daemon's plugins. */
  readonly extensions: readonly ExtensionStatus[];
}

export interface StatusDocument extends Document, Overview {}

/** plugin list, plugin load */
export interface PluginsDocument extends Document {
  readonly plugins: readonly PluginSlot[];
}

/** log test */
export interface LogTestDocument extends Document {
  readonly test: TestReport;
}

/** plugin build */
export interface BuildDocument extends Document {
  readonly file: string;
}

export interface FeedState {
  readonly name: string;
  readonly from: string;
  readonly action: 'deny' | 'allow';
  readonly entries: number;
  readonly checkedAt: string | null;
  readonly ok: boolean;
  readonly message: string;
}

/** feeds list */
export interface FeedsDocument extends Document {
  readonly feeds: readonly FeedState[];
}

export interface FeedRefresh {
  readonly name: string;
  readonly error?: string;
  readonly changed?: boolean;
  readonly entries?: number;
  readonly added?: number;
  readonly removed?: number;
  readonly message?: string;
}

/** feeds refresh */
export interface RefreshDocument extends Document {
  readonly refreshed: readonly FeedRefresh[];
}

export interface FeedOverlap {
  readonly name: string;
  readonly entries: number;
  readonly unique: number;
  readonly covered: Readonly<Record<string, number>>;
}

/** feeds overlap */
export interface OverlapDocument extends Document {
  readonly overlap: readonly FeedOverlap[];
}

/** source add, del, clear */
export interface SourceDocument extends Document {
  readonly result: SourceResult;
}

/** source list */
export interface SourcesDocument extends Document {
  readonly sources: readonly SourceCount[];
}
