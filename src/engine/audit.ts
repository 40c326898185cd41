import { setImmediate as breathe } from 'node:timers/promises';
import {
  type AuditEntry,
  type AuditPage,
  type AuditQuery,
  type AuditRecord,
  auditAction,
  MAX_AUDIT_PAGE,
} from '../model/audit.ts';
import { NetxfwError } from '../model/errors.ts';
import type { AuditStore } from '../store/audit-file.ts';

const DEFAULT_PAGE = 100;
/** Records that are looked at in one go; other work waits meanwhile. */
const AT_ONCE = 500;

/** Who changed what, and who was refused. A disk that takes no record stops nothing: it is told as a problem. */
export class Audit {
  readonly #store: AuditStore;
  readonly #now: () => number;
  #last: number | null = null;
  #problem: string | null = null;

  /** @param now Unix milliseconds */
  constructor(store: AuditStore, now: () => number = Date.now) {
    this.#store = store;
    this.#now = now;
  }

  /** Why the last record was not kept; null when it was. */
  get problem(): string | null {
    return this.#problem;
  }

  record(entry: AuditEntry): void {
    try {
      this.#last ??= this.#newest();
      const id = this.#last + 1;
      this.#store.append({ id, at: new Date(this.#now()).toISOString(), ...entry });
      this.#last = id;
      this.#problem = null;
    } catch (error) {
      this.#problem = error instanceof Error ? error.message : String(error);
    }
  }

  /** @throws NetxfwError INVALID_INPUT, FILE_UNREADABLE */
  async page({ limit = DEFAULT_PAGE, before, search = '' }: AuditQuery = {}): Promise<AuditPage> {
    checkWhole('limit', limit, MAX_AUDIT_PAGE);
    if (before !== undefined) checkWhole('before', before, Number.MAX_SAFE_INTEGER);
    const sought = search.trim().toLowerCase();
    const found: AuditRecord[] = [];
    let seen = 0;
    for (const record of this.#read()) {
      if (++seen % AT_ONCE === 0) await breathe();
      if (before !== undefined && record.id >= before) continue;
      if (sought !== '' && !textOf(record).includes(sought)) continue;
      if (found.length === limit) return { records: found, next: found.at(-1)!.id };
      found.push(record);
    }
    return { records: found, next: null };
  }

  close(): void {
    this.#store.close();
  }

  #newest(): number {
    for (const { id } of this.#store.records()) return id;
    return 0;
  }

  *#read(): Generator<AuditRecord> {
    try {
      yield* this.#store.records();
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw new NetxfwError('FILE_UNREADABLE', `the audit log cannot be read: ${why}`, { cause: error });
    }
  }
}

function textOf({ at, who, via, from, route, target, input, outcome }: AuditRecord): string {
  return [at, who, via, from, auditAction(route), route, target, input, outcome].join(' ').toLowerCase();
}

function checkWhole(name: string, value: number, most: number): void {
  if (Number.isInteger(value) && value >= 1 && value <= most) return;
  throw new NetxfwError('INVALID_INPUT', `${name}: ${value} is not a whole number from 1 to ${most}`);
}
