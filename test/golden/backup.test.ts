import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Cli, split } from './cli.ts';

const GIVEN = [
  'deny 192.0.2.1 --ttl 1h --reason \'ssh, "scan"\'',
  "deny 192.0.2.128/25 2001:db8:bad::/48 --reason '# not a comment'",
  "allow 198.51.100.7 --reason 'свой office 办公室'",
  'deny 192.0.2.9:8080-8090/udp --reason proxies',
  'allow [2001:db8::/32]:443/tcp',
  'limit add 0.0.0.0/0 1000 2000',
  'limit add 2001:db8::/48 --rate 5',
  'port add 80 443/tcp 53/udp 8000-8100',
];
/** What shows everything that was given. */
const VIEWS = ['list --json', 'list port --json', 'limit list --json', 'port list --json'];

let directory: string;
let cli: Cli;
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'netxfw-backup-'));
  cli = await Cli.open();
});
afterEach(async () => {
  await cli[Symbol.asyncDispose]();
  rmSync(directory, { recursive: true, force: true });
});

async function ok(...argv: string[]): Promise<string> {
  const { code, stdout, stderr } = await cli.run(argv);
  expect({ argv, code, stderr }).toMatchObject({ code: 0 });
  return stdout;
}

const view = () => Promise.all(VIEWS.map((line) => ok(...split(line))));
const file = (name: string) => join(directory, name);

async function fill(): Promise<void> {
  for (const line of GIVEN) await ok(...split(line));
}

const NAMES = ['x.json', 'x.yaml', 'x.yml', 'x.csv', 'x.bin', 'x.json.zst', 'x.yaml.zst', 'x.csv.zst', 'x.bin.zst'];

describe('a backup', () => {
  it.each(NAMES)('in %s brings everything back', async (name) => {
    await fill();
    const before = await view();
    await ok('rule', 'export', '-o', file(name));
    await ok('reset');
    expect(await view()).not.toEqual(before);
    expect(await ok('rule', 'import', 'all', file(name))).toContain(
      '4 new, 1 known, 0 changed, 0 duplicate, 0 invalid; new: 2 limits, 4 open ports, 2 rules for ports',
    );
    expect(await view()).toEqual(before);
    expect(await ok('rule', 'import', 'all', file(name))).toContain('0 new, 5 known');
  });

  it.each(NAMES)('in %s is recognised by what it holds', async (name) => {
    await fill();
    const before = await view();
    await ok('rule', 'export', '-o', file(name));
    await ok('reset');
    writeFileSync(file('unnamed'), readFileSync(file(name)));
    await ok('rule', 'import', 'all', file('unnamed'));
    expect(await view()).toEqual(before);
  });

  it('of one list takes no other with it', async () => {
    await fill();
    for (const name of ['deny.txt', 'deny.txt.zst', 'deny.csv', 'deny.bin']) {
      await ok('rule', 'export', '--list', 'deny', '-o', file(name));
      await ok('reset');
      expect(await ok('rule', 'import', 'deny', file(name))).toContain('3 new');
      expect(JSON.parse(await ok('list', 'allow', '--json'))).toMatchObject({ total: 1 });
      expect(JSON.parse(await ok('limit', 'list', '--json'))).toMatchObject({ limits: [] });
      await ok('reset');
      await fill();
    }
  });

  it('says what is left out when one list is asked for', async () => {
    await fill();
    await ok('rule', 'export', '-o', file('x.yaml'));
    await ok('reset');
    const { stderr } = await cli.run(['rule', 'import', 'allow', file('x.yaml')]);
    expect(stderr).toContain('3 entries of the deny list');
    expect(stderr).toContain('8 limits, open ports and rules for ports');
  });

  it('cannot be text for everything, nor read from text', async () => {
    await fill();
    expect(await cli.run(['rule', 'export', '-o', file('x.txt')])).toMatchObject({ code: 2 });
    writeFileSync(file('x.txt'), '192.0.2.5\n');
    expect((await cli.run(['rule', 'import', 'all', file('x.txt')])).stderr).toContain('Name the list');
  });

  it('that is damaged changes nothing', async () => {
    await fill();
    for (const name of ['x.bin.zst', 'x.bin', 'x.json.zst']) {
      await ok('rule', 'export', '-o', file(name));
      const whole = readFileSync(file(name));
      writeFileSync(file(name), whole.subarray(0, whole.length - 9));
      await ok('reset');
      const empty = await view();
      expect(await cli.run(['rule', 'import', 'all', file(name)])).toMatchObject({ code: 2, stdout: '' });
      expect(await view()).toEqual(empty);
      await fill();
    }
  });

  it('is packed so that zstd can unpack it', async () => {
    await fill();
    await ok('rule', 'export', '-o', file('x.json'));
    await ok('rule', 'export', '--zstd', '--format', 'json', '-o', file('y'));
    const { stdout, status } = spawnSync('zstd', ['-dc', file('y')], { encoding: 'utf8' });
    expect({ stdout, status }).toEqual({ stdout: readFileSync(file('x.json'), 'utf8'), status: 0 });
    spawnSync('zstd', ['-q', file('x.json'), '-o', file('z.json.zst')]);
    await ok('reset');
    expect(await ok('rule', 'import', 'all', file('z.json.zst'))).toContain('4 new');
  });

  it('is not poured onto a terminal', async () => {
    for (const option of [['--format', 'binary'], ['--zstd']]) {
      expect(await cli.run(['rule', 'export', ...option], { columns: 80 })).toMatchObject({ code: 2, stdout: '' });
    }
  });
});
