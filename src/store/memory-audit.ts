import type { AuditRecord } from '../model/audit.ts';
import type { AuditStore } from './audit-file.ts';

/** Most records that are remembered. */
const MOST = 2000;

/** Records that are gone when the process ends: the mock's. */
export class MemoryAudit implements AuditStore {
  #records: AuditRecord[] = [];

  append(record: AuditRecord): void {
    this.#records.push(record);
    if (this.#records.length > MOST) this.#records = this.#records.slice(-MOST / 2);
  }

  records(): Iterable<AuditRecord> {
    return this.#records.toReversed();
  }

  close(): void {}
}
