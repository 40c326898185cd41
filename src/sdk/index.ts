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
export type { ListName } from '../model/entries.ts';
export { ERRORS, type ErrorBody, type ErrorCode, NetxfwError } from '../model/errors.ts';
export type { ReasonName, Verdict } from '../model/reasons.ts';
export type {
  ChangeKind,
  ImportProgress,
  ImportResult,
  InvalidLine,
  Rule,
  RuleChange,
  RuleCounts,
  RuleInput,
  RulePage,
  RuleQuery,
  RuleRemoval,
  RuleSort,
  SourceMatch,
} from '../model/rules.ts';
export type {
  Attachment,
  Counter,
  DynamicRule,
  Listener,
  ListenerName,
  MapFill,
  ReasonStats,
  Stats,
  SystemStatus,
  XdpMode,
} from '../model/status.ts';
export type { NewToken, TokenInfo, TokenInput, TokenRole } from '../model/tokens.ts';
export { type ConnectOptions, connect } from './connect.ts';
export { createMock, type MockNetxfw, type MockOptions } from './mock.ts';
export type {
  DynamicAPI,
  DynamicInput,
  ExportRequest,
  ImportRequest,
  Netxfw,
  RuleAPI,
  RuleFormat,
  StatsAPI,
  SystemAPI,
  TokenAPI,
} from './types.ts';
