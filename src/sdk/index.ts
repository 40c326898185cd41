/**
 * The SDK of netxfw. `connect()` gives the firewall of this host, or of another by URL and token; `createMock()` gives
 * one on memory, for tests of programs that use it.
 *
 *     import { connect } from 'netxfw';
 *     await using netxfw = await connect();
 *     await netxfw.rules.add({ list: 'deny', prefix: '192.0.2.0/24', reason: 'scanner', ttl: 3600 });
 *
 * Every failure that can be expected is a NetxfwError with a code from ERRORS.
 */
export {
  AUDIT_WAYS,
  type AuditEntry,
  type AuditPage,
  type AuditQuery,
  type AuditRecord,
  type AuditWay,
} from '../model/audit.ts';
export type { Config } from '../model/config.ts';
export {
  FLOW_STATES,
  type Flow,
  type FlowCounts,
  type FlowFilter,
  type FlowPage,
  type FlowQuery,
  type FlowState,
} from '../model/conns.ts';
export { DIAGNOSIS_STATES, type Diagnosis, type DiagnosisState } from '../model/diagnosis.ts';
export { LISTS, type ListName } from '../model/entries.ts';
export {
  ERRORS,
  type ErrorBody,
  type ErrorCode,
  type ErrorKind,
  type ErrorOptions,
  NetxfwError,
} from '../model/errors.ts';
export type { EngineEvent, EventFilter, EventTop, TopEntry, VerdictEvent } from '../model/events.ts';
export type { ExplainEntry, ExplainRequest, ExplainResult, ExplainStage } from '../model/explain.ts';
export type { ExtensionState, ExtensionStatus } from '../model/extensions.ts';
export type { Limit, LimitInput } from '../model/limits.ts';
export type {
  IpPortAction,
  IpPortRule,
  IpPortRuleInput,
  ListeningSocket,
  OpenPort,
  PortEdit,
  PortSuggestion,
} from '../model/open-ports.ts';
export {
  type CacheFigures,
  type ChangeOptions,
  type HealthCheck,
  type HealthReport,
  type LatencyFigures,
  type PendingConfirm,
  type PerfReport,
  type PluginSlot,
  type ProcessFigures,
  type ReloadKind,
  type ReloadResult,
  RISKS,
  type Risk,
  type TrafficFigures,
} from '../model/operations.ts';
export type { PortProtocol } from '../model/ports.ts';
export { REASONS, type ReasonName, type Verdict } from '../model/reasons.ts';
export {
  type ChangeKind,
  type ImportProgress,
  type ImportResult,
  type InvalidLine,
  RULE_SORTS,
  type Rule,
  type RuleBulkRemoval,
  type RuleChange,
  type RuleCounts,
  type RuleInput,
  type RulePage,
  type RuleQuery,
  type RuleRemoval,
  type RuleSelection,
  type RuleSort,
  type SourceMatch,
} from '../model/rules.ts';
export type { SourceCount, SourceEntry, SourceResult, SourceUpdate } from '../model/sources.ts';
export {
  type Attachment,
  type Counter,
  type DynamicRule,
  LISTENERS,
  type Listener,
  type ListenerName,
  type MapFill,
  type ReasonHistory,
  type ReasonStats,
  type Stats,
  type SystemStatus,
  type TrafficHistory,
  type XdpMode,
} from '../model/status.ts';
export { type NewToken, TOKEN_ROLES, type TokenInfo, type TokenInput, type TokenRole } from '../model/tokens.ts';
export { type ConnectOptions, connect } from './connect.ts';
export { createMock, type MemoryCapacity, type MockNetxfw, type MockOptions } from './mock.ts';
export {
  type ConfigAPI,
  type ConnAPI,
  type DynamicAPI,
  type DynamicInput,
  type EventAPI,
  type ExplainAPI,
  type ExportRequest,
  type ExtensionAPI,
  type HealthAPI,
  type ImportRequest,
  type LimitAPI,
  type Netxfw,
  type PerfAPI,
  type PluginAPI,
  type PortAPI,
  type ResetReport,
  RULE_FORMATS,
  type RuleAPI,
  type RuleFormat,
  type SourceRequest,
  type StatsAPI,
  type SystemAPI,
  type TokenAPI,
} from './types.ts';
