import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { GLOBAL_OPTIONS } from '../../src/cli/command.ts';
import { completionScript, SHELLS } from '../../src/cli/completion/index.ts';
import { helpText } from '../../src/cli/help.ts';
import { parseInput, scanArguments } from '../../src/cli/parse.ts';
import { referencePage } from '../../src/cli/reference.ts';
import { findRoute, GROUPS, groupOf, ROUTES } from '../../src/cli/routes.ts';
import { Cli, split } from './cli.ts';

const golden = (name: string) => fileURLToPath(new URL(`./files/${name}.txt`, import.meta.url));

describe('the command table', () => {
  it('names every command once', () => {
    const paths = ROUTES.flatMap(({ path, aliases = [] }) => [path, ...aliases]);
    expect(paths.filter((path, at) => paths.indexOf(path) !== at)).toEqual([]);
    for (const path of paths) {
      expect(findRoute(path.split(' '))?.used).toBe(path.split(' ').length);
      if (path.includes(' ')) expect(Object.keys(GROUPS)).toContain(groupOf(path.split(' ')[0]!));
    }
  });

  it.each(ROUTES)('$path has texts that fit, and examples that parse', async ({ path, load }) => {
    const command = await load();
    expect(command.summary).toMatch(/^[A-Z].{3,60}[^.]$/);
    expect(command.examples.length).toBeGreaterThan(0);
    for (const { run, note } of command.examples) {
      expect(note).toMatch(/^\S.*[^.]$/);
      const [program, ...argv] = split(run.replace(/ [<>] \S+$/, ''));
      expect(program).toBe('netxfw');
      const { words, at } = scanArguments(argv);
      const found = findRoute(words)!;
      expect(await found.route.load()).toBe(command);
      const own = at.slice(0, found.used);
      parseInput(
        path,
        command,
        argv.filter((_, index) => !own.includes(index)),
      );
    }
  });

  it.each(ROUTES)(
    '$path declares arguments in an order that can be read, and options that do not clash',
    async ({ load }) => {
      const { args, options } = await load();
      const specs = Object.values(args);
      for (const [at, { optional, many }] of specs.entries()) {
        if (many) expect(at).toBe(specs.length - 1);
        if (optional) expect(specs.slice(at).every((later) => later.optional)).toBe(true);
      }
      const names = [...Object.keys(args), ...Object.keys(options), ...Object.keys(GLOBAL_OPTIONS)];
      const shorts = [...Object.values(options), ...Object.values(GLOBAL_OPTIONS)].flatMap((o) =>
        'short' in o ? [o.short] : [],
      );
      for (const all of [names, shorts]) expect(new Set(all).size).toBe(all.length);
    },
  );

  it('prints help for every command', async () => {
    const texts = [await helpText([]), ...(await Promise.all(Object.keys(GROUPS).map((group) => helpText([group]))))];
    for (const { path } of ROUTES) texts.push(await helpText(path.split(' ')));
    for (const text of texts) for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    await expect(texts.join(`\n${'-'.repeat(80)}\n`)).toMatchFileSnapshot(golden('help'));
  });

  it('prints the same help in every way to ask for it', async () => {
    await using cli = await Cli.open();
    const asked = await Promise.all(
      ['help deny', 'deny --help', '-h deny', 'block -h', 'deny 192.0.2.1 -h'].map((line) => cli.run(split(line))),
    );
    for (const { stdout, code } of asked) expect({ stdout, code }).toEqual({ stdout: asked[0]!.stdout, code: 0 });
    const whole = await Promise.all([cli.run([]), cli.run(['help']), cli.run(['--help'])]);
    for (const { stdout, code } of whole) expect({ stdout, code }).toEqual({ stdout: whole[0]!.stdout, code: 0 });
    expect((await cli.run(['help', 'dyn'])).stdout).toBe((await cli.run(['help', 'dynamic'])).stdout);
    expect((await cli.run(['rule', '--help'])).stdout).toBe((await cli.run(['help', 'rule'])).stdout);
  });

  it('is what docs/reference/cli.md describes', async () => {
    const page = readFileSync(new URL('../../docs/reference/cli.md', import.meta.url), 'utf8');
    expect(await referencePage(), 'run: npm run build && node scripts/docs-cli.mjs').toBe(page);
  });
});

describe('completion', () => {
  it.each(SHELLS)('for %s covers the table', async (shell) => {
    await expect(await completionScript(shell)).toMatchFileSnapshot(golden(`completion-${shell}`));
  });

  /** What bash offers at the end of a command line. */
  const complete = async (line: string): Promise<string[]> => {
    const words = line.split(' ').map((word) => `'${word}'`);
    const script = `${await completionScript('bash')}
COMP_WORDS=(${words.join(' ')}); COMP_CWORD=${words.length - 1}; _netxfw; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const { stdout, stderr } = spawnSync('bash', ['-c', script], {
      encoding: 'utf8',
      cwd: fileURLToPath(new URL('.', import.meta.url)),
    });
    expect(stderr).toBe('');
    return stdout.split('\n').filter((word) => word !== '');
  };

  it('works in bash', async () => {
    expect(await complete('netxfw s')).toEqual(['status', 'stats', 'security', 'source', 'system']);
    expect(await complete('netxfw allow ')).toEqual(['add', 'del', 'list', 'port']);
    expect(await complete('netxfw deny port ')).toEqual(['list']);
    expect(await complete('netxfw security anti-spoof ')).toEqual(['off', 'basic', 'strict']);
    expect(await complete('netxfw system sync to-')).toEqual(['to-config', 'to-map']);
    expect(await complete('netxfw rule im')).toEqual(['import']);
    expect(await complete('netxfw --json rule im')).toEqual(['import']);
    expect(await complete('netxfw dyn ')).toEqual(['add', 'del', 'list', 'clear']);
    expect(await complete('netxfw dynamic ')).toEqual(['add', 'del', 'list', 'clear']);
    expect(await complete('netxfw deny --t')).toEqual(['--ttl']);
    expect(await complete('netxfw del 192.0.2.1 --list ')).toEqual(['allow', 'deny']);
    expect(await complete('netxfw list --sort c')).toEqual(['created']);
    expect(await complete('netxfw deny --ttl ')).toEqual([]);
    expect(await complete('netxfw rule import deny table')).toEqual(['table.test.ts']);
    expect(await complete('netxfw rule import d')).toEqual(['deny']);
    expect(await complete('netxfw completion ')).toEqual(['bash', 'zsh', 'fish']);
    expect(await complete('netxfw system load -i l')).toContain('lo');
  });
});
