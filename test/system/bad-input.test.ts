import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { EXIT } from '../../src/model/errors.ts';
import { Instance, NETXFW } from '../support/instance.ts';
import { Lab, PEER_DEVICE } from '../support/lab.ts';
import type { RunResult } from '../support/process.ts';

const lab = Lab.create();
const netxfw = new Instance(lab);
beforeAll(async () => {
  await netxfw.start();
  await netxfw.ok(['deny', '203.0.113.1', '--reason', 'was here before']);
});
afterAll(async () => {
  await netxfw.stop();
  lab.dispose();
});

/**
 * What every refusal has in common: the exit code, nothing on stdout, one line that names the value, then the next step.
 * `others` may stand in either line.
 */
function expectRefusal(result: RunResult, exit: number, named = '', ...others: string[]): void {
  const lines = result.stderr.trim().split('\n');
  const at = lines.findIndex((line) => line.startsWith('netxfw: '));
  expect(result.stdout).toBe('');
  expect(lines[at]).toContain(named);
  expect(lines.slice(at + 1), 'the next step').toHaveLength(1);
  for (const value of others) expect(lines.slice(at).join('\n')).toContain(value);
  expect(result.stderr).not.toMatch(/\n\s+at .*:\d+/);
  expect(result.status, result.stderr).toBe(exit);
}

describe('refused with the offending value, and nothing changed', () => {
  const cases: [args: string[], exit: number, ...named: string[]][] = [
    [['deny', '1.2.3'], EXIT.usage, '1.2.3'],
    [['deny', '1.2.3.256'], EXIT.usage, '1.2.3.256'],
    [['deny', 'example.org'], EXIT.usage, 'example.org'],
    [['deny', '2001:db8::1::2'], EXIT.usage, '2001:db8::1::2'],
    [['allow', '192.0.2.0/33'], EXIT.usage, '192.0.2.0/33'],
    [['allow', '2001:db8::/129'], EXIT.usage, '2001:db8::/129'],
    [['deny', '192.0.2.1', '--ttl', '5 parsecs'], EXIT.usage, '5 parsecs'],
    [['deny', '192.0.2.1', '--ttl', '0s'], EXIT.usage, '0s'],
    [['deny', '192.0.2.1', '--reason', 'x'.repeat(64)], EXIT.usage, 'reason'],
    [['deny'], EXIT.usage],
    [['dney', '192.0.2.1'], EXIT.usage, 'dney', 'deny'],
    [['deny', '192.0.2.1', '--tll', '1h'], EXIT.usage, '--tll', '--ttl'],
    [['del', '192.0.2.99'], EXIT.notFound, '192.0.2.99'],
    [['rule', 'import', 'deny', 'no-such-file.txt'], EXIT.notFound, 'no-such-file.txt'],
    [['rule', 'import', 'maybe', 'list.txt'], EXIT.usage, 'maybe'],
  ];

  it.each(cases.map(([args, exit, ...named]) => ({ args, exit, named })))(
    'netxfw $args',
    async ({ args, exit, named }) => {
      expectRefusal(await netxfw.nx(args), exit, ...named);
      expect(await netxfw.prefixes()).toEqual(['203.0.113.1']);
    },
  );

  it('gives --json callers the error as data', async () => {
    const { status, stderr } = await netxfw.nx(['deny', '1.2.3', '--json']);
    expect(status).toBe(EXIT.usage);
    expect(JSON.parse(stderr)).toMatchObject({ code: 'INVALID_ADDRESS', message: expect.stringContaining('1.2.3') });
  });
});

describe('an import with bad lines', () => {
  const file = (name: string): string => join(lab.directory, name);
  const bad = Array.from({ length: 25 }, (_, i) => `bad-${i + 1}`);
  beforeEach(() => writeFileSync(file('bad.txt'), ['192.0.2.10', ...bad, '192.0.2.0/33', '192.0.2.11'].join('\n')));

  it('imports nothing and names file, lines and what is wrong with them, up to a bound', async () => {
    const result = await netxfw.nx(['rule', 'import', 'deny', file('bad.txt')]);
    expectRefusal(result, EXIT.usage, 'bad.txt');
    for (const i of [1, 20]) expect(result.stderr).toMatch(new RegExp(`\\b${i + 1}\\b.*bad-${i}\\b`));
    expect(result.stderr).not.toContain('bad-21');
    expect(result.stderr).toContain('26');
    expect(await netxfw.prefixes()).toEqual(['203.0.113.1']);
  });

  it('imports the others with --skip-invalid, and says what it left out', async () => {
    const result = await netxfw.import('deny', file('bad.txt'), '--skip-invalid');
    expect(result).toMatchObject({ read: 2, added: 2, invalid: 26 });
    expect(result.invalidLines[0]).toMatchObject({ line: 2, text: 'bad-1' });
    expect(await netxfw.prefixes()).toEqual(['192.0.2.10', '192.0.2.11', '203.0.113.1']);
    await netxfw.ok(['del', '192.0.2.10']);
    await netxfw.ok(['del', '192.0.2.11']);
  });
});

describe('a machine or a config that does not fit', () => {
  const other = new Instance(lab, 'other');

  it('names an unknown interface', async () => {
    expectRefusal(await other.nx(['system', 'daemon', '-i', 'nope0']), EXIT.usage, 'nope0');
    other.configure({}, ['nope1']);
    expectRefusal(await other.nx(['system', 'load']), EXIT.usage, 'nope1');
  });

  it('names an unknown config key, its line and the nearest known one', async () => {
    writeFileSync(other.configFile, 'base:\n  default_deny: false\n  interfases: [nxf0]\n');
    expectRefusal(await other.nx(['system', 'load']), EXIT.usage, 'config.yaml:3', 'interfases', 'interfaces');
  });

  it('names a config value of the wrong kind', async () => {
    writeFileSync(other.configFile, 'mode: enforce\nbase:\n  icmp_rate: many\n');
    expectRefusal(await other.nx(['system', 'load']), EXIT.usage, 'config.yaml:3', 'icmp_rate', 'many');
  });

  it('names a config file that does not exist', async () => {
    const result = await lab.fw.run([NETXFW, '-c', '/nonexistent/netxfw.yaml', 'system', 'load']);
    expectRefusal(result, EXIT.notFound, '/nonexistent/netxfw.yaml');
  });

  it('says that it needs root', async () => {
    chmodSync(lab.directory, 0o755);
    const nobody = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'];
    for (const args of [['deny', '192.0.2.1'], ['list'], ['system', 'load']]) {
      const result = await lab.fw.run([...nobody, NETXFW, '-c', netxfw.configFile, ...args]);
      expectRefusal(result, EXIT.denied, '', 'root');
    }
    expect(await netxfw.prefixes()).toEqual(['203.0.113.1']);
  });

  it('mounts bpffs where it is missing, and says so', async () => {
    other.configure({}, [PEER_DEVICE]);
    const script = `umount /sys/fs/bpf && "$0" -c "$1" system load && mountpoint /sys/fs/bpf && ls "$2"`;
    const unshare = ['unshare', '-m', '--propagation', 'private', 'sh', '-c', script];
    const result = await lab.peer.run([...unshare, NETXFW, other.configFile, other.pinPath]);
    expect(result, result.stderr).toMatchObject({ status: 0 });
    expect(result.stderr).toMatch(/mount.*\/sys\/fs\/bpf/);
    expect(result.stdout).toContain('lock_list');
  });
});
