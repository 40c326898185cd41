import type { ExplainResult, ExplainStage } from '../../model/explain.ts';
import { reasonLabel } from '../../model/reasons.ts';
import type { Context } from '../context.ts';
import { formatRemaining } from './format.ts';
import { Table } from './table.ts';
import { oneLine } from './text.ts';

export async function printExplanation(context: Context, result: ExplainResult): Promise<void> {
  const { out } = context;
  const { verdict, reason, description, monitored, entry, stages, records, packet } = result;
  const style = verdict === 'pass' ? out.style.green : out.style.red;
  await out.line(packet);
  await out.line(`${style(verdict)}: ${description} (${reasonLabel(reason)})`);
  if (monitored) await out.line(out.style.yellow('monitor mode: it would be dropped, and passes all the same'));
  if (entry !== null) {
    const { map, key, reason: why, expiresAt, source } = entry;
    const parts = [`${key} in ${map}`];
    if (why !== '') parts.push(`reason: ${oneLine(why)}`);
    if (expiresAt !== null) parts.push(`ends in ${formatRemaining(expiresAt, context.now())}`);
    if (source !== null) parts.push(`made by ${source}`);
    await out.line(`decided by ${parts.join(', ')}`);
  }
  if (records !== null) await out.line(`remembered: ${records}`);
  if (stages.length === 0) return;
  await out.line();
  await new Table<ExplainStage>(out, [
    { title: 'stage', value: ({ name }) => name },
    {
      title: 'outcome',
      value: ({ outcome }) => outcome,
      style: ({ outcome }) => (outcome === 'decided' ? 'bold' : 'dim'),
    },
  ]).print(stages);
}
