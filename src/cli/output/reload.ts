import type { ReloadResult } from '../../model/operations.ts';
import type { Context } from '../context.ts';
import type { ReloadDocument } from '../documents.ts';

/** What a reload did, and how. */
export async function printReload(context: Context, reload: ReloadResult): Promise<void> {
  const { out } = context;
  if (context.json) return out.json<ReloadDocument>({ reload });
  const { kind, because, changes, milliseconds, notices } = reload;
  for (const notice of notices) out.notice(notice);
  if (kind === 'none' && changes.length === 0) return out.result('nothing has changed');
  for (const change of changes) await out.result(change);
  const how = kind === 'none' ? 'nothing to load' : `${kind} reload`;
  await out.result(`in force: ${how} in ${Math.round(milliseconds)} ms${because === '' ? '' : ` (${because})`}`);
}
