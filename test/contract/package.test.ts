import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type App, buildApp } from '../../src/api/app.ts';
import { createMock, type MockNetxfw } from '../../src/sdk/mock.ts';

/** The package as a program has it that depends on netxfw: packed, unpacked, imported by its name. */

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const TIMEOUT = 120_000;
const execute = promisify(execFile);

let directory: string;
let engine: MockNetxfw;
let app: App;
let socket: string;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'nxt-package-'));
  const modules = join(directory, 'node_modules');
  mkdirSync(join(modules, 'netxfw'), { recursive: true });
  const pack = ['pack', '--ignore-scripts', '--silent', '--pack-destination', directory];
  const archive = execFileSync('npm', pack, { cwd: ROOT, encoding: 'utf8' }).trim().split('\n').at(-1)!;
  execFileSync('tar', ['-xzf', join(directory, archive), '-C', join(modules, 'netxfw'), '--strip-components=1']);
  // What npm would install beside it, without asking a registry.
  for (const name of readdirSync(join(ROOT, 'node_modules'))) {
    if (!name.startsWith('.') && name !== 'netxfw') symlinkSync(join(ROOT, 'node_modules', name), join(modules, name));
  }
  engine = await createMock();
  app = buildApp(engine);
  socket = join(directory, 'netxfw.sock');
  await app.listen({ path: socket });
}, TIMEOUT);
afterAll(async () => {
  await app.close();
  await engine.close();
  rmSync(directory, { recursive: true, force: true });
});

/** Runs a file of the unpacked package. @returns what it printed */
async function node(...args: string[]): Promise<string> {
  const { stdout } = await execute(process.execPath, args, { cwd: directory, timeout: TIMEOUT });
  return stdout;
}
const example = (name: string) => join('node_modules', 'netxfw', 'examples', name);

describe('a program that depends on netxfw', { timeout: TIMEOUT }, () => {
  it('gets types that its compiler accepts', () => {
    const source = `import { connect, createMock, ERRORS, NetxfwError, type Netxfw, type Rule } from 'netxfw';
export async function denied(options: { socket: string }): Promise<readonly Rule[]> {
  await using netxfw: Netxfw = await connect(options);
  return (await netxfw.rules.list({ list: 'deny', limit: 10 })).rules;
}
export const status: number = ERRORS.MAP_FULL.status;
export const isOurs = (error: unknown): boolean => error instanceof NetxfwError && error.code === 'MAP_FULL';
// @ts-expect-error: there is no such list
export const wrong = async () => (await createMock()).rules.add({ list: 'block', prefix: '192.0.2.1' });
`;
    writeFileSync(join(directory, 'program.ts'), source);
    writeFileSync(join(directory, 'package.json'), '{ "type": "module" }');
    const options = { target: 'es2023', lib: ['es2023', 'esnext.disposable'], module: 'nodenext', strict: true };
    const compilerOptions = { ...options, types: ['node'], noEmit: true, skipLibCheck: true };
    writeFileSync(join(directory, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['program.ts'] }));
    execFileSync(join(ROOT, 'node_modules/.bin/tsc'), ['-p', directory], { encoding: 'utf8', stdio: 'pipe' });
  });

  it('can import nothing but what the package offers', async () => {
    const refused = node('-e', "import('netxfw/dist/engine/engine.js').catch((error) => console.log(error.code))");
    expect(await refused).toBe('ERR_PACKAGE_PATH_NOT_EXPORTED\n');
  });
});

describe('the examples', { timeout: TIMEOUT }, () => {
  it('deny.mjs', async () => {
    expect(await node(example('deny.mjs'), socket)).toBe(
      '192.0.2.77: added\ndecided by deny 192.0.2.77 (ssh brute force)\nremoved 1\n' +
        'RULE_NOT_FOUND: 192.0.2.77 is not in any list\n',
    );
  });

  it('import-list.mjs', async () => {
    const file = join(directory, 'list.txt');
    writeFileSync(file, '198.51.100.1\n198.51.100.2\nnonsense\n');
    expect(await node(example('import-list.mjs'), file, socket)).toBe('2 added, 0 were there, 1 invalid\n');
    expect(await engine.rules.counts()).toMatchObject({ deny: 2 });
  });

  it('top.mjs', async () => {
    engine.dataplane.receive('198.51.100.1', 60);
    expect(await node(example('top.mjs'), socket, '1')).toBe('0 passed, 1 dropped\n  1 the source host is denied\n');
  });

  it('remote.mjs', async () => {
    const api = buildApp(engine);
    const url = await api.listen({ host: '127.0.0.1', port: 0 });
    expect(await node(example('remote.mjs'), url, 'token')).toBe('netxfw mock, not loaded, 2 denied\n');
    await api.close();
  });

  it('own-tests.test.mjs', async () => {
    expect(await node('--test', example('own-tests.test.mjs'))).toContain('# pass 2');
  });

  it('all of them are run here', () => {
    expect(readdirSync(join(ROOT, 'examples')).sort()).toEqual(
      ['deny.mjs', 'import-list.mjs', 'own-tests.test.mjs', 'remote.mjs', 'top.mjs'].sort(),
    );
  });
});

it('docs/reference/sdk.api.md has every signature that the package exports', { timeout: TIMEOUT }, () => {
  expect(() =>
    execFileSync(process.execPath, ['scripts/sdk-report.mjs', '--check'], { cwd: ROOT, stdio: 'pipe' }),
  ).not.toThrow();
});
