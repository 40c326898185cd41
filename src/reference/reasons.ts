import { REASON_NAMES, REASONS, reasonDescription, reasonLabel, reasonVerdict } from '../model/reasons.ts';
import { code, page, table } from './markdown.ts';

const INTRODUCTION = `Every verdict has one reason. Numbers never change their meaning. The name is what the API, events and \`--json\`
show; together with the verdict, the label is what tables and metrics show.`;

/** docs/reference/reasons.md */
export function reasonsPage(): string {
  const rows = REASON_NAMES.map((name) => [
    String(REASONS[name]),
    code(name),
    reasonVerdict(name),
    code(reasonLabel(name)),
    reasonDescription(name),
  ]);
  const head = ['number', 'name', 'verdict', 'label', 'meaning'];
  return page('Reasons', 'src/model/reasons.ts', INTRODUCTION, table(head, rows));
}
