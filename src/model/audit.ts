import type { ErrorCode } from './errors.ts';

/** How a change came in; `none`: by somebody who was not let in. */
export const AUDIT_WAYS = ['socket', 'token', 'session', 'command', 'daemon', 'none'] as const;
export type AuditWay = (typeof AUDIT_WAYS)[number];

/** What the routes that change something do, in words; each such route stands here. */
export const AUDIT_ACTIONS = {
  'POST /api/session': 'log in',
  'DELETE /api/session': 'log out',
  'POST /api/rules': 'add rules',
  'DELETE /api/rules': 'remove a rule',
  'POST /api/rules/remove': 'remove several rules',
  'POST /api/rules/clear': 'remove all rules',
  'POST /api/rules/import': 'import a list',
  'PATCH /api/rules/source': 'change what a source wants',
  'PUT /api/rules/source': 'replace what a source wants',
  'POST /api/dynamic': 'block for a while',
  'DELETE /api/dynamic': 'end a dynamic block',
  'POST /api/dynamic/clear': 'end all dynamic blocks',
  'POST /api/limits': 'set a rate limit',
  'DELETE /api/limits': 'remove a rate limit',
  'POST /api/ports': 'open a port',
  'DELETE /api/ports': 'close a port',
  'PATCH /api/ports': 'open and close ports',
  'POST /api/ports/rules': 'set a rule for ports',
  'DELETE /api/ports/rules': 'remove a rule for ports',
  'PUT /api/config': 'replace the configuration',
  'PATCH /api/config': 'change the configuration',
  'POST /api/config/reload': 'reload the configuration',
  'POST /api/config/confirm': 'keep a change',
  'POST /api/config/rollback': 'undo a change',
  'POST /api/sync/to-config': 'copy rules into the configuration',
  'POST /api/sync/to-map': 'make the kernel agree with the disk',
  'POST /api/stats/reset': 'reset the counters',
  'POST /api/perf/reset': 'reset the measurements',
  'POST /api/system/reset': 'remove everything made by commands',
  'POST /api/conntrack/flush': 'forget connections',
  'POST /api/extensions/call': 'call a plugin',
  'POST /api/plugins': 'load a packet plugin',
  'DELETE /api/plugins': 'remove a packet plugin',
  'POST /api/tokens': 'make a token',
  'DELETE /api/tokens': 'remove a token',
} as const;
export type AuditRoute = keyof typeof AUDIT_ACTIONS;

/** A change, or an attempt to get in. */
export interface AuditEntry {
  /** Name of the token, or the local user. */
  readonly who: string;
  readonly via: AuditWay;
  /** Address and port of the peer; null on this host. */
  readonly from: string | null;
  /** Method and pattern of the route, `POST /api/rules`. */
  readonly route: string;
  /** Path and query as they were sent, shortened. */
  readonly target: string;
  /** The body as JSON, shortened, secrets hidden; null without one. */
  readonly input: string | null;
  /** `ok`, or the code of the error. */
  readonly outcome: ErrorCode | 'ok';
  readonly milliseconds: number;
}

/** An entry as it is kept. */
export interface AuditRecord extends AuditEntry {
  /** Grows from record to record. */
  readonly id: number;
  /** ISO 8601, UTC: when it was done. */
  readonly at: string;
}

/** Most records of one answer. */
export const MAX_AUDIT_PAGE = 500;

export interface AuditQuery {
  /** 1 .. MAX_AUDIT_PAGE; default 100. */
  readonly limit?: number;
  /** Only records before the one with this id. */
  readonly before?: number;
  /** Only records in which this text occurs, in any case. */
  readonly search?: string;
}

/** The newest first. */
export interface AuditPage {
  readonly records: readonly AuditRecord[];
  /** For `before`: there may be older ones; null when there are none. */
  readonly next: number | null;
}

/** What was asked for, in words; a route that nobody may know is told by itself. */
export function auditAction(route: string): string {
  return route in AUDIT_ACTIONS ? AUDIT_ACTIONS[route as AuditRoute] : route;
}

/** What the query and the body say: `list: deny, prefix: 192.0.2.1`. */
export function auditDetail({ target, input }: Pick<AuditEntry, 'target' | 'input'>): string {
  const query = [...new URLSearchParams(target.split('?')[1] ?? '')].map(([key, value]) => `${key}: ${value}`);
  return [...query, ...(input === null ? [] : [wordsOf(input)])].filter((text) => text !== '').join(', ');
}

/** JSON without its signs where it is whole and simple. */
function wordsOf(json: string): string {
  try {
    return plain(JSON.parse(json));
  } catch {
    return json;
  }
}

function plain(value: unknown): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map(plain).join('; ');
  if (typeof value !== 'object' || value === null) return String(value);
  return Object.entries(value)
    .map(([key, inner]) => `${key}: ${plain(inner)}`)
    .join(', ');
}
