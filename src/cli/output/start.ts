import type { Context } from '../context.ts';
import type { StartReport } from '../host.ts';
import { formatCount, plural } from './format.ts';
import { printAttachments } from './status.ts';
import { oneLine } from './text.ts';

/** What happened when the filter came up. */
export async function printStart({ out }: Context, { adopted, reconciled, status }: StartReport): Promise<void> {
  const { allow, deny } = status.rules;
  const changed = reconciled.added + reconciled.removed;
  const written = changed > 0 ? `; ${plural(changed, 'entry', 'entries')} brought into the kernel` : '';
  await printAttachments(out, status);
  await out.line();
  await out.line(`rules   ${formatCount(allow)} allow, ${formatCount(deny)} deny${written}`);
  await out.line(`pins    ${status.pinPath}${adopted ? ', taken over without a gap' : ''}`);
  for (const warning of status.warnings) await out.line(out.style.yellow(`warning: ${oneLine(warning)}`));
}
