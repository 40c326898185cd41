import type { ReconcileReport } from '../dataplane/dataplane.ts';
import type { Attachment, SystemStatus } from '../model/status.ts';
import type { Started } from './start.ts';

/** What happened when the filter came up, for the operator to read. */
export interface StartReport {
  /** Where it works, in which mode, and why not in a better one. */
  readonly attachments: readonly Attachment[];
  /** Maps of an earlier run were taken over. */
  readonly adopted: boolean;
  /** What had to be done to the machine, and what is not as it was. */
  readonly notices: readonly string[];
  /** Entries by which kernel and disk differed. */
  readonly reconciled: ReconcileReport;
  readonly status: SystemStatus;
}

export async function reportOf({ instance, filter, notices }: Started): Promise<StartReport> {
  const status = await instance.netxfw.system.status();
  const { adopted } = filter;
  return { attachments: status.attachments, adopted, notices, reconciled: instance.engine.reconciled, status };
}
