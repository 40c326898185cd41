import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Cli } from './cli.ts';
import { ENTRIES, LISTED } from './scenarios/entries.ts';
import { STATUS } from './scenarios/host.ts';
import { OBSERVE } from './scenarios/observe.ts';
import { PLUGINS } from './scenarios/plugins.ts';
import { POLICY } from './scenarios/policy.ts';
import { PORT_RULES } from './scenarios/port-rules.ts';
import { SOURCES } from './scenarios/sources.ts';
import { SYSTEM } from './scenarios/system.ts';
import { USAGE } from './scenarios/usage.ts';

const SCENARIOS = [...ENTRIES, ...PORT_RULES, ...POLICY, ...OBSERVE, ...PLUGINS, ...SOURCES, ...SYSTEM, ...USAGE];

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'netxfw-golden-'));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const golden = (name: string) => fileURLToPath(new URL(`./files/${name}.txt`, import.meta.url));

describe('what commands print', () => {
  it.each(SCENARIOS)(
    '$name',
    async ({ name, given = [], lines, options, host, fakes = {}, later = 0, traffic = [] }) => {
      await using cli = await Cli.open(host);
      cli.fake(fakes);
      for (const line of given) expect(await cli.transcript([line])).not.toContain('exit code');
      for (const [source, bytes] of traffic) cli.mock.dataplane.receive(source, bytes);
      cli.pass(later);
      await expect(await cli.transcript(lines, options)).toMatchFileSnapshot(golden(name));
    },
  );

  it('status', async () => {
    await using cli = await Cli.open();
    Object.assign(cli.mock, { system: { ...cli.mock.system, status: async () => STATUS } });
    const wide = await cli.transcript(['status']);
    const narrow = await cli.transcript(['status'], { columns: 50 });
    await expect(wide + narrow).toMatchFileSnapshot(golden('status'));
  });

  it('import', async () => {
    await using cli = await Cli.open();
    const files: Record<string, string> = {
      'good.txt': '# a list\n192.0.2.1\n192.0.2.2 ; comment\r\n\n2001:db8::/32\n192.0.2.1\n',
      'bad.txt': '192.0.2.9\n1.2.3.4/33\nhello\n',
      'empty.txt': '# nothing\n',
    };
    for (const [name, text] of Object.entries(files)) writeFileSync(join(directory, name), text);
    const lines = [
      'rule import deny good.txt',
      'rule import deny good.txt --ttl 1h --reason feed',
      'rule import allow bad.txt',
      'rule import allow bad.txt --skip-invalid',
      'rule import allow bad.txt --json',
      'rule import deny empty.txt --json',
      'rule import deny missing.txt',
      'rule import deny .',
      'rule import deny -',
    ];
    const placed = lines.map((line) => line.replace(/(\S+\.txt|\.)(?= |$)/, (file) => join(directory, file)));
    const text = await cli.transcript(placed, { stdin: '198.51.100.0/24\n' });
    await expect(text.replaceAll(`${directory}/`, '').replaceAll(directory, '.')).toMatchFileSnapshot(golden('import'));
  });

  it('export', async () => {
    await using cli = await Cli.open();
    for (const line of LISTED) await cli.transcript([line]);
    const file = join(directory, 'rules.json');
    const lines = ['rule export', 'rule export --list deny', 'rule export --format text', `rule export -o ${file}`];
    const text = await cli.transcript([...lines, `rule import deny ${file}`, `rule export -o ${file}/x`]);
    await expect(text.replaceAll(`${directory}/`, '')).toMatchFileSnapshot(golden('export'));
  });

  it('leaves no golden file without its scenario', () => {
    const known = [
      ...SCENARIOS.map(({ name }) => name),
      'import',
      'export',
      'status',
      'help',
      'completion-bash',
      'completion-zsh',
      'completion-fish',
    ];
    const found = readdirSync(new URL('./files/', import.meta.url)).map((name) => name.replace(/\..*/, ''));
    expect(found.filter((name) => !known.includes(name))).toEqual([]);
  });
});
