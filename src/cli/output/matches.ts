import { reasonDescription, reasonVerdict } from '../../model/reasons.ts';
import type { Context } from '../context.ts';
import type { MatchDocument } from '../documents.ts';
import { formatRemaining } from './format.ts';
import { Table } from './table.ts';

interface Row {
  readonly list: string;
  readonly prefix: string;
  readonly expiresAt: string | null;
  readonly reason: string;
  readonly verdict: 'pass' | 'drop';
  readonly why: string;
}

/** The entries that touch a source in the order in which the kernel asks them. */
export async function printMatches(context: Context, found: Omit<MatchDocument, 'version'>): Promise<void> {
  const { out } = context;
  if (context.json) return out.json<MatchDocument>(found);
  const rows = inOrder(found);
  const [first] = rows;
  if (first === undefined) return out.line(`${found.address} is in no list`);
  const style = first.verdict === 'pass' ? out.style.green : out.style.red;
  await out.line(`${found.address}: ${style(first.verdict)}, ${first.why}`);
  await out.line();
  await new Table<Row>(out, [
    { title: 'list', value: ({ list }) => list },
    { title: 'prefix', value: ({ prefix }) => prefix },
    { title: 'expires in', value: ({ expiresAt }) => formatRemaining(expiresAt, context.now()) },
    { title: 'reason', value: ({ reason }) => reason, shrink: true },
  ]).print(rows);
}

function inOrder({ matches, dynamic }: Omit<MatchDocument, 'version'>): Row[] {
  const fixed = matches.map(({ rule, verdict }): Row => {
    return { ...rule, verdict: reasonVerdict(verdict), why: reasonDescription(verdict) };
  });
  const why = reasonDescription('DROP_DYNAMIC');
  const blocks = dynamic.map((block): Row => ({ ...block, list: 'dynamic', verdict: 'drop', why }));
  return [...fixed.filter(({ list }) => list === 'allow'), ...blocks, ...fixed.filter(({ list }) => list === 'deny')];
}
