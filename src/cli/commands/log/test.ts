import { createReadStream } from 'node:fs';
import type { TestFinding } from '../../../model/log-test.ts';
import { command } from '../../command.ts';
import type { LogTestDocument } from '../../documents-observe.ts';
import { type Column, Table } from '../../output/table.ts';

const COLUMNS: readonly Column<TestFinding>[] = [
  { title: 'line', value: ({ line }) => String(line), right: true },
  { title: 'rule', value: ({ rule }) => rule },
  { title: 'offender', value: ({ offender }) => offender ?? 'no address there', shrink: true },
  { title: 'count', value: ({ count, threshold }) => `${count}/${threshold}`, right: true },
  { title: 'would', value: wouldDo, shrink: true },
];

function wouldDo({ action, spared }: TestFinding): string {
  if (action === null) return '';
  return spared === null ? action : `spare it: ${spared}`;
}

export default command({
  summary: 'Show what log rules would do about a file',
  description: `Nothing is blocked. The times that the lines say count for intervals; lines that say none follow each
    other at once. Whitelists are not asked.`,
  args: {
    rule: { help: 'a rule of config.yaml, ready rules such as sshd, or a YAML file of rules' },
    file: { help: 'log file; - reads standard input', complete: 'file' },
  },
  examples: [
    { run: 'netxfw log test sshd /var/log/auth.log', note: 'whom would it block?' },
    { run: 'netxfw log test sshd -', note: 'journalctl -u ssh writes into it' },
  ],
  async run(context, { rule, file }) {
    const { out } = context;
    // The log engine and its libraries are nothing that another command should wait for.
    const { rulesNamed, testRules } = await import('../../../plugins/log-engine/test-run.ts');
    const { readSettings } = await import('../../../daemon/settings.ts');
    const rules = rulesNamed(rule, readSettings(context.globals.config).config.log_engine);
    const data = file === '-' ? context.environment.stdin : createReadStream(file);
    const test = await testRules(rules, data, context.now());
    if (context.json) return out.json<LogTestDocument>({ test });
    if (test.findings.length > 0) await new Table(out, COLUMNS).print(test.findings);
    const acts = test.findings.filter(({ action, spared }) => action !== null && spared === null).length;
    out.notice(`${test.lines} lines, ${test.matches} matches, ${acts} actions`);
    if (test.matches > test.findings.length) out.notice(`only the first ${test.findings.length} matches are shown`);
    if (!test.timed && test.matches > 0)
      out.notice('the lines say no time that is known: intervals were not looked at');
  },
});
