import type { AuditRecord } from '../model/audit.ts';
import { type Files, nodeFiles } from './files.ts';
import { LineLog } from './line-log.ts';

/** Where audit records are kept. */
export interface AuditStore {
  /** Throws what the system says. */
  append(record: AuditRecord): void;
  /** The newest first; what cannot be read is left out. */
  records(): Iterable<AuditRecord>;
  close(): void;
}

export interface AuditSizes {
  /** Bytes of a file of changes, and of one of refusals; there are two of each. */
  readonly changes: number;
  readonly refusals: number;
}

const MIB = 1024 * 1024;
const SIZES: AuditSizes = { changes: 4 * MIB, refusals: MIB };

/**
 * JSON lines in the state directory, for the owner only. Those of strangers have files of their own, so that nobody can push
 * out what was changed by knocking often. Nothing is forced to the disk at once: a power failure may take the last seconds.
 */
export class AuditFile implements AuditStore {
  readonly #changes: LineLog;
  readonly #refusals: LineLog;

  /** @param path of the changes; the refusals are beside it */
  constructor(path: string, files: Files = nodeFiles, sizes: AuditSizes = SIZES) {
    this.#changes = new LineLog(files, path, sizes.changes);
    this.#refusals = new LineLog(files, path.replace(/(\.\w+)?$/, '-refused$1'), sizes.refusals);
  }

  append(record: AuditRecord): void {
    const log = record.via === 'none' ? this.#refusals : this.#changes;
    log.append(JSON.stringify(record));
  }

  *records(): Generator<AuditRecord> {
    const [changes, refusals] = [parsed(this.#changes), parsed(this.#refusals)];
    let change = changes.next();
    let refusal = refusals.next();
    while (!change.done || !refusal.done) {
      if (refusal.done || (!change.done && change.value.id > refusal.value.id)) {
        yield change.value!;
        change = changes.next();
      } else {
        yield refusal.value;
        refusal = refusals.next();
      }
    }
  }

  close(): void {
    this.#changes.close();
    this.#refusals.close();
  }
}

function* parsed(log: LineLog): Generator<AuditRecord, undefined> {
  for (const line of log.backwards()) {
    try {
      const record = JSON.parse(line) as AuditRecord | null;
      if (Number.isSafeInteger(record?.id) && typeof record?.at === 'string') yield record;
    } catch {
      // Another line is as good as it was.
    }
  }
}
