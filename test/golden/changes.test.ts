import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { NetxfwError } from '../../src/model/errors.ts';
import type { ChangeOptions } from '../../src/model/operations.ts';
import { Cli } from './cli.ts';

let cli: Cli;
let asked: (ChangeOptions | undefined)[];
beforeEach(async () => {
  cli = await Cli.open();
  asked = [];
  const { addMany } = cli.mock.rules;
  cli.fake({
    rules: {
      addMany: async (rules, options) => {
        asked.push(options);
        const risky = rules.some(({ prefix }) => prefix === '192.0.2.0/24');
        if (risky && !options?.acceptRisk?.includes('lockout')) {
          throw new NetxfwError('LOCKOUT_RISK', '192.0.2.0/24 covers 192.0.2.7, from where you are logged in');
        }
        return addMany(rules);
      },
    },
  });
});
afterEach(() => cli[Symbol.asyncDispose]());

const SSH = { SSH_CONNECTION: '192.0.2.7 50000 192.0.2.1 22', SUDO_USER: 'alice', USER: 'root' };
const denied = { code: 0, stdout: 'denied 192.0.2.0/24\n' };

describe('a change', () => {
  it('says who makes it and from where', async () => {
    await cli.run(['deny', '198.51.100.1'], { variables: SSH });
    await cli.run(['deny', '198.51.100.2'], { parents: [{}, { SSH_CLIENT: '2001:db8::7 1 22' }] });
    expect(asked).toEqual([
      { origin: 'cli:alice', protect: ['192.0.2.7'] },
      { origin: 'cli', protect: ['2001:db8::7'] },
    ]);
  });

  it('that may lock its caller out is refused where nobody can be asked', async () => {
    const { code, stdout, stderr } = await cli.run(['deny', '192.0.2.0/24'], { stdin: 'y\n' });
    expect({ code, stdout }).toEqual({ code: 6, stdout: '' });
    expect(stderr).toContain('add --accept-risk=lockout');
    expect(asked).toHaveLength(1);
  });

  it('is asked about on a terminal, and made only after yes', async () => {
    const ask = (stdin: string) => cli.run(['deny', '192.0.2.0/24'], { terminal: true, stdin });
    for (const answer of ['n\n', '\n', '', 'yess\n']) expect((await ask(answer)).code).toBe(6);
    expect(asked.some((options) => options?.acceptRisk)).toBe(false);
    const { stderr, ...result } = await ask('y\n');
    expect(result).toEqual(denied);
    expect(stderr).toBe('192.0.2.0/24 covers 192.0.2.7, from where you are logged in\nDo it all the same? [y/N] ');
  });

  it('is not asked about when the output is for a program', async () => {
    expect((await cli.run(['deny', '192.0.2.0/24', '--json'], { terminal: true, stdin: 'y\n' })).code).toBe(6);
  });

  it('is made at once when the risk was accepted', async () => {
    expect(await cli.run(['deny', '192.0.2.0/24', '--accept-risk=lockout'])).toMatchObject(denied);
    expect(await cli.run(['deny', '192.0.2.0/24', '--accept-risk=logout'])).toMatchObject({ code: 2 });
  });

  it('is undone after a time unless it is confirmed', async () => {
    const { stderr } = await cli.run(['deny', '198.51.100.1', '--confirm', '1m']);
    expect(asked).toEqual([{ origin: 'cli', confirm: 60 }]);
    expect(stderr).toBe('note: it is undone in 1m unless you run: netxfw confirm\n');
    expect(await cli.run(['deny', '198.51.100.1', '--confirm', '2d'])).toMatchObject({ code: 2, stdout: '' });
  });
});

describe('rule clear', () => {
  it('asks on a terminal only, and not with --yes', async () => {
    const cleared: (string | undefined)[] = [];
    cli.fake({
      rules: {
        clear: async (list) => {
          cleared.push(list);
          return 3;
        },
      },
    });
    expect(await cli.run(['rule', 'clear', 'deny'], { terminal: true, stdin: 'no\n' })).toMatchObject({
      code: 0,
      stdout: '',
      stderr: 'All entries of the deny list go.\nGo on? [y/N] note: nothing was changed\n',
    });
    expect(cleared).toEqual([]);
    await cli.run(['rule', 'clear', 'deny'], { terminal: true, stdin: 'y\n' });
    await cli.run(['rule', 'clear', 'allow', '-y'], { terminal: true });
    expect((await cli.run(['rule', 'clear'])).stdout).toBe('removed 3 entries from the allow and deny lists\n');
    expect(cleared).toEqual(['deny', 'allow', undefined]);
  });
});
