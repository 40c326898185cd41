import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readyDirectory } from '../src/plugins/log-engine/index.ts';
import { Judge } from '../src/plugins/log-engine/judge.ts';
import { readyRules } from '../src/plugins/log-engine/ready.ts';
import { CompiledRule } from '../src/plugins/log-engine/rule.ts';
import { Tail } from '../src/plugins/log-engine/tail.ts';
import { atLeast, type Bench } from './figures.ts';
import { median } from './rounds.ts';

const TARGET = atLeast(100_000);
/** Every how many lines of the mixed log somebody attacks. */
const ONE_IN = 10;

const address = (i: number) => [203, (i >> 16) & 255, (i >> 8) & 255, i & 255].join('.');
const ordinary = (i: number) =>
  `Nov 25 02:21:40 web1 sshd[${i % 30_000}]: Accepted publickey for deploy from ${address(i)} port 50000 ssh2: ED25519 SHA256:6HVzYVW1hJzGd5eYc6m1s9pV3sZ8Q2m0aJm0d8cGmno`;
const attack = (i: number) =>
  `Nov 25 02:21:30 web1 sshd[${i % 30_000}]: Failed password for root from ${address(i)} port 40022 ssh2`;

const WRITERS: Readonly<Record<string, (i: number) => string>> = {
  ordinary,
  mixed: (i) => (i % ONE_IN === 0 ? attack(i) : ordinary(i)),
  attack,
};

const NOTES: Readonly<Record<string, string>> = {
  ordinary: 'no line matches a rule',
  mixed: `one line in ${ONE_IN} is an attack`,
  attack: 'every line is an attack from another address: the regular expression finds where the address stands',
};

/** Lines of a log per second on one core: read from a file, judged by the rules for sshd, counted by address. */
export async function logs(bench: Bench): Promise<void> {
  const lines = bench.quick ? 5000 : 300_000;
  const rules = readyRules({ name: 'sshd' }, readyDirectory());
  for (const [name, write] of Object.entries(WRITERS)) {
    const text = Array.from({ length: lines }, (_, i) => `${write(i)}\n`).join('');
    const rates = Array.from({ length: bench.quick ? 1 : 5 }, () =>
      rate(
        text,
        lines,
        rules.map((rule) => new CompiledRule(rule)),
      ),
    );
    bench.report({
      name: `logs.${name}`,
      unit: 'lines/s',
      value: Math.round(median(rates)),
      target: TARGET,
      note: NOTES[name],
    });
  }
}

function rate(text: string, lines: number, rules: readonly CompiledRule[]): number {
  const directory = mkdtempSync(join(tmpdir(), 'nxt-bench-logs-'));
  try {
    const path = join(directory, 'auth.log');
    writeFileSync(path, '');
    const judge = new Judge(rules);
    let judged = 0;
    const onLines = (_: string, some: readonly string[]) => {
      for (const line of some) judge.judge({ text: line }, judged++, () => {});
    };
    const onProblem = (message: string) => {
      throw new Error(message);
    };
    using tail = new Tail({ paths: [path], onLines, onProblem });
    appendFileSync(path, text);
    const started = performance.now();
    while (tail.read());
    const milliseconds = performance.now() - started;
    if (judged !== lines) throw new Error(`${judged} of ${lines} lines were read`);
    return (lines / milliseconds) * 1000;
  } finally {
    rmSync(directory, { recursive: true });
  }
}
