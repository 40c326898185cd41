import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { formatPrefix } from '../../model/prefixes.ts';
import { readyDirectory } from './index.ts';
import { allRules, readyNames, readyRules } from './ready.ts';
import { CompiledRule } from './rule.ts';

const directory = readyDirectory();
const samples = join(import.meta.dirname, '../../../test/support/logs');

interface Sample {
  readonly wanted: string;
  readonly line: string;
}

/** What a line must give stands above it. */
function samplesOf(name: string): Sample[] {
  const found: Sample[] = [];
  let wanted: string | undefined;
  for (const text of readFileSync(join(samples, `${name}.log`), 'utf8').split('\n')) {
    if (text.startsWith('# ') || text === '') continue;
    if (text === '-' || text.startsWith('> ')) wanted = text.replace(/^> /, '');
    else if (wanted !== undefined) {
      found.push({ wanted, line: text });
      wanted = undefined;
    }
  }
  return found;
}

describe('ready rules', () => {
  it('are those for sshd, nginx and postfix', () => {
    expect(readyNames(directory)).toEqual(['nginx', 'postfix', 'sshd']);
  });

  for (const name of readyNames(directory)) {
    const rules = readyRules({ name }, directory).map((rule) => new CompiledRule(rule));
    it(`${name}: find the attacker in every sample, and nobody in the others`, () => {
      const all = samplesOf(name);
      const found = all.map(({ line }) => {
        const hits = rules.flatMap((rule) => {
          const host = rule.match({ text: line })?.host;
          return host === undefined ? [] : [`${rule.config.id} ${formatPrefix(host)}`];
        });
        return { wanted: hits.join(', ') || '-', line };
      });
      expect(found).toEqual(all);
      const ids = new Set(all.map(({ wanted }) => wanted.split(' ')[0]));
      expect(rules.map(({ config }) => config.id).filter((id) => !ids.has(id))).toEqual([]);
    });
  }

  it('take other paths, thresholds, intervals and actions from the configuration', () => {
    const changes = { path: '/var/log/auth.log', threshold: 3, interval: '1h', action: 'deny:7d' };
    for (const rule of readyRules({ name: 'sshd', ...changes }, directory)) expect(rule).toMatchObject(changes);
  });

  it('are refused when there are none of that name, or two rules have one id', () => {
    expect(() => readyRules({ name: 'nothing' }, directory)).toThrow(/no ready log rules nothing/);
    const sshd = readyRules({ name: 'sshd' }, directory);
    expect(() => allRules({ ready: [{ name: 'sshd' }], rules: sshd }, directory)).toThrow(/two log rules/);
  });
});
