import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildApp } from '../../src/api/app.ts';
import { createMock, type MockNetxfw } from '../../src/sdk/mock.ts';
import { packageVersion } from '../../src/sdk/version.ts';

const NETXFW = fileURLToPath(new URL('../../bin/netxfw', import.meta.url));
const ENTRIES = 60_000;

let directory: string;
let socket: string;
let mock: MockNetxfw;
let app: ReturnType<typeof buildApp>;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'netxfw-program-'));
  socket = join(directory, 'netxfw.sock');
  mock = await createMock();
  app = buildApp({ ...mock, system: { ...mock.system, version: async () => packageVersion() } });
  await app.listen({ path: socket });
});
afterAll(async () => {
  await app.close();
  await mock.close();
  rmSync(directory, { recursive: true, force: true });
});

interface Ended {
  readonly code: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
}

async function run(program: string, argv: readonly string[], stdin?: string): Promise<Ended> {
  const child = spawn(program, argv, { stdio: [stdin === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'] });
  child.stdin?.end(stdin);
  const ended = new Promise<[number | null, string | null]>((resolve) => child.on('close', (...how) => resolve(how)));
  const [stdout, stderr] = await Promise.all([text(child.stdout!), text(child.stderr!)]);
  const [code, signal] = await ended;
  return { code, signal, stdout, stderr };
}

const nx = (...argv: string[]) => run(NETXFW, ['--socket', socket, ...argv]);

describe('the program', () => {
  it('speaks to a daemon through its socket', async () => {
    expect(await nx('deny', '192.0.2.1', '--ttl', '1h')).toMatchObject({
      code: 0,
      stdout: 'denied 192.0.2.1 for 1h\n',
    });
    expect((await nx('list', '--json')).stdout).toContain('"192.0.2.1"');
    expect(await nx('del', '192.0.2.9')).toMatchObject({ code: 3, stdout: '' });
    expect((await nx('version')).stdout).toContain(`daemon ${packageVersion()}`);
  });

  it('imports from a file and from standard input, and streams a long list', async () => {
    const lines = Array.from({ length: ENTRIES }, (_, i) => `10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`);
    writeFileSync(join(directory, 'list.txt'), lines.join('\n'));
    const summary = (added: number) => `${ENTRIES} read, ${added} new, ${ENTRIES - added} known`;
    const first = await nx('rule', 'import', 'deny', join(directory, 'list.txt'));
    expect(first).toMatchObject({ code: 0, stderr: '' });
    expect(first.stdout).toContain(summary(ENTRIES));
    const again = await run(NETXFW, ['--socket', socket, 'rule', 'import', 'deny', '-'], lines.join('\n'));
    expect(again.stdout).toContain(summary(0));
    const listed = JSON.parse((await nx('list', 'deny', '--json')).stdout) as { total: number; rules: unknown[] };
    expect(listed.rules.length).toBe(listed.total);
    expect(listed.total).toBeGreaterThanOrEqual(ENTRIES);
    const rows = (await nx('list', 'deny')).stdout.split('\n');
    expect(rows.filter((row) => row.startsWith('deny ')).length).toBe(listed.total);
  });

  it('ends quietly when its reader has seen enough', async () => {
    for (const command of ['list', 'list --json', 'rule export']) {
      const script = `set -o pipefail; "$0" --socket "$1" ${command} | head -n 2`;
      const { code, stdout, stderr } = await run('bash', ['-c', script, NETXFW, socket]);
      expect({ command, code, lines: stdout.split('\n').length, stderr }).toEqual({
        command,
        code: 0,
        lines: 3,
        stderr: '',
      });
    }
  });

  it('exports to a file what it can import again', async () => {
    const file = join(directory, 'rules.json');
    expect(await nx('rule', 'export', '-o', file)).toMatchObject({ code: 0, stdout: '', stderr: '' });
    expect((await nx('rule', 'import', 'deny', file)).stdout).toMatch(/ 0 new/);
    expect(readFileSync(file, 'utf8')).toContain('"format":"netxfw-rules"');
  });

  it('fails when its output cannot be written', async () => {
    const { code, stderr } = await run('bash', ['-c', '"$0" --socket "$1" rule export > /dev/full', NETXFW, socket]);
    expect(code).toBe(8);
    expect(stderr).toMatch(/^netxfw: the output cannot be written: .*no space left/);
  });

  it('works through a link, from any directory', async () => {
    const link = join(directory, 'nx');
    symlinkSync(NETXFW, link);
    expect(await run(link, ['version', '--short'])).toMatchObject({ code: 0, stdout: `${packageVersion()}\n` });
  });

  it('says what to do when there is no daemon at the socket', async () => {
    const { code, stderr } = await run(NETXFW, ['--socket', join(directory, 'none.sock'), 'stats']);
    expect(code).toBe(5);
    expect(stderr.split('\n')).toEqual([
      `netxfw: there is no netxfw daemon at ${join(directory, 'none.sock')}`,
      'Start it: netxfw system daemon',
      '',
    ]);
  });

  it('says what to do when it has not been built', async () => {
    const checkout = join(directory, 'checkout');
    mkdirSync(join(checkout, 'bin'), { recursive: true });
    cpSync(NETXFW, join(checkout, 'bin/netxfw'));
    writeFileSync(join(checkout, 'package.json'), '{"type":"module"}');
    expect(await run(join(checkout, 'bin/netxfw'), ['status'])).toMatchObject({
      code: 5,
      stderr: 'netxfw: it has not been built yet\nBuild it: npm run build\n',
    });
  });

  it('loads no heavy module on the way to a daemon', async () => {
    const loader = join(directory, 'trace.mjs');
    // Node reports each package that is resolved; the bundle itself is made of relative files.
    writeFileSync(
      loader,
      `import { register } from 'node:module';
register('data:text/javascript,' + encodeURIComponent(\`
  import { writeSync } from 'node:fs';
  export async function resolve(name, context, next) {
    if (!/^(node:|file:|[./])/.test(name)) writeSync(2, 'package ' + name + '\\\\n');
    return next(name, context);
  }\`));`,
    );
    const traced = (...argv: string[]) =>
      run(process.execPath, ['--import', loader, NETXFW, '--socket', socket, ...argv]);
    expect((await traced('deny', '192.0.2.7')).stderr).toBe('');
    expect((await traced('stats')).stderr).toBe('');
  });
});
