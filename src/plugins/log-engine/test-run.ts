import { existsSync } from 'node:fs';
import type { LogEngineConfig, LogRule } from '../../model/config-log.ts';
import { NetxfwError } from '../../model/errors.ts';
import type { TestFinding, TestReport } from '../../model/log-test.ts';
import { ProtectedAddresses } from '../protected.ts';
import { readyDirectory } from './index.ts';
import { Judge } from './judge.ts';
import { timeOfLine } from './line-time.ts';
import { LineSplitter } from './lines.ts';
import { allRules, readRuleFile, readyNames, readyRules } from './ready.ts';
import { CompiledRule } from './rule.ts';

/** Most findings that are kept one by one. */
const MAX_FINDINGS = 10_000;

/** The rules that a word names: a rule of the configuration, ready rules, or a file of rules. @throws NetxfwError NOT_FOUND */
export function rulesNamed(word: string, config: LogEngineConfig): LogRule[] {
  const directory = readyDirectory();
  if (/\.ya?ml$/.test(word) && existsSync(word)) return readRuleFile(word);
  const own = allRules(config, directory).filter(({ id }) => id === word);
  if (own.length > 0) return own;
  const changed = config.ready.find(({ name }) => name === word);
  if (readyNames(directory).includes(word)) return readyRules(changed ?? { name: word }, directory);
  for (const name of readyNames(directory)) {
    const found = readyRules({ name }, directory).filter(({ id }) => id === word);
    if (found.length > 0) return found;
  }
  throw new NetxfwError('NOT_FOUND', `there is no log rule ${word}`, {
    hint: `Name a rule of config.yaml, a YAML file of rules, or ready rules: ${readyNames(directory).join(', ')}.`,
  });
}

/** What rules would do about the lines of a file, without doing it. */
export async function testRules(
  rules: readonly LogRule[],
  data: AsyncIterable<Uint8Array>,
  now: number,
  protect = new ProtectedAddresses(),
): Promise<TestReport> {
  const judge = new Judge(rules.map((rule) => new CompiledRule(rule)));
  const splitter = new LineSplitter();
  const findings: TestFinding[] = [];
  let lines = 0;
  let matches = 0;
  let time: number | undefined;
  const look = (text: string) => {
    lines++;
    time = timeOfLine(text, now) ?? time;
    judge.judge({ text }, time ?? now, ({ rule, host, offender, lines: count, act }) => {
      matches++;
      if (findings.length >= MAX_FINDINGS) return;
      findings.push({
        line: lines,
        rule: rule.config.id,
        offender: host === undefined ? null : offender,
        count,
        threshold: rule.config.threshold,
        action: act ? rule.config.action : null,
        spared: (act && host !== undefined && protect.reason(host)) || null,
      });
    });
  };
  for await (const chunk of data) for (const text of splitter.push(Buffer.from(chunk))) look(text);
  for (const text of splitter.flush()) look(text);
  return { rules: rules.map(({ id }) => id), lines, matches, findings, timed: time !== undefined };
}
