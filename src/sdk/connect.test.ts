import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fakeNetxfw } from '../../test/support/fake-netxfw.ts';
import { buildApp } from '../api/app.ts';
import { connect, socketPath } from './connect.ts';
import { packageVersion } from './version.ts';

let directory: string;
let config: string;
let runDir: string;
const opened: (() => unknown)[] = [];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'nxt-connect-'));
  config = join(directory, 'config.yaml');
  runDir = join(directory, 'run');
  mkdirSync(runDir);
  writeFileSync(config, `paths:\n  run_dir: ${runDir}\n`);
});

afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close();
  rmSync(directory, { recursive: true, force: true });
});

async function serve(version = packageVersion()): Promise<string> {
  const app = buildApp(
    fakeNetxfw({ system: { version: async () => version }, rules: { counts: async () => ({ allow: 1, deny: 2 }) } }),
  );
  opened.push(() => app.close());
  const socket = join(runDir, 'netxfw.sock');
  await app.listen({ path: socket });
  return socket;
}

describe('a daemon', () => {
  it('is found through the configuration', async () => {
    await serve();
    await using netxfw = await connect({ config });
    expect(await netxfw.rules.counts()).toEqual({ allow: 1, deny: 2 });
  });

  it('is found by its socket, whatever the configuration', async () => {
    await using netxfw = await connect({ socket: await serve(), config: '/nowhere' });
    expect(await netxfw.rules.counts()).toEqual({ allow: 1, deny: 2 });
  });

  it('of another version is mentioned', async () => {
    await serve('9.9.9');
    const notices: string[] = [];
    await using _netxfw = await connect({ config, onNotice: (notice) => notices.push(notice) });
    expect(notices).toEqual([expect.stringMatching(/9\.9\.9.*restart/)]);
  });

  it.each(['', 'just text\n'])('that does not run is not replaced in mode remote', async (text) => {
    if (text !== '') writeFileSync(join(runDir, 'netxfw.sock'), text);
    await expect(connect({ config, mode: 'remote' })).rejects.toMatchObject({ code: 'DAEMON_UNREACHABLE' });
  });

  it('whose socket was named is not replaced', async () => {
    await expect(connect({ socket: join(runDir, 'other.sock') })).rejects.toMatchObject({ code: 'DAEMON_UNREACHABLE' });
  });
});

describe('the configuration', () => {
  it('that was named must exist', async () => {
    const missing = join(directory, 'missing.yaml');
    await expect(connect({ config: missing })).rejects.toMatchObject({
      code: 'CONFIG_NOT_FOUND',
      message: expect.stringContaining(missing),
    });
  });

  it('that cannot be read is named', async () => {
    await expect(connect({ config: directory })).rejects.toMatchObject({
      code: 'FILE_UNREADABLE',
      message: expect.stringContaining(directory),
    });
  });

  it.each([
    ['the usual form', (dir: string) => `paths:\n  run_dir: ${dir}\n`],
    ['a form that only the parser knows', (dir: string) => `paths: { "run_dir": '${dir}' }\n`],
  ])('names the socket in %s', async (_name, text) => {
    writeFileSync(config, text(runDir));
    expect(await socketPath(config)).toBe(join(runDir, 'netxfw.sock'));
  });

  it('without a run directory means the default one', async () => {
    writeFileSync(config, 'mode: monitor\n');
    expect(await socketPath(config)).toBe('/run/netxfw/netxfw.sock');
  });
});

it('the version is that of the package', () => {
  expect(packageVersion()).toMatch(/^\d+\.\d+\.\d+/);
  expect(packageVersion()).not.toBe('0.0.0');
});
