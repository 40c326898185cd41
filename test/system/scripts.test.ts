import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { run, start, until } from '../support/process.ts';

const LAB = join(fileURLToPath(new URL('../..', import.meta.url)), 'scripts/lab.sh');

/** Everything that a lab with this process id would have left behind. */
function leftovers(pid: number): string[] {
  const ours = (name: string): boolean => name.startsWith(`nxlab-${pid}-`) || name === `nxlab-${pid}`;
  return ['/run/netns', '/sys/fs/bpf', tmpdir()].flatMap((directory) => readdirSync(directory).filter(ours));
}

it('runs a command in the lab and ends with its exit code', async () => {
  const command = [
    'attacker ping -n -c 1 -W 5 198.51.100.1 >&2',
    'nx deny 198.51.100.2 >&2',
    '! attacker ping -n -c 1 -W 1 198.51.100.1 >&2',
    'attacker ping -n -c 1 -W 5 -I 198.51.100.66 198.51.100.1 >&2',
    'nx list',
    'exit 42',
  ].join('\n');
  const lab = start([LAB, command]);
  expect(await lab.exited, lab.stderr).toBe(42);
  expect(lab.stdout).toContain('198.51.100.2');
  expect(leftovers(lab.pid)).toEqual([]);
});

it('removes the lab when it is ended in the middle', async () => {
  const lab = start([LAB, 'echo up; sleep 600']);
  await until('the lab', () => {
    if (lab.status !== undefined) throw new Error(lab.stderr);
    return lab.stdout.includes('up');
  });
  expect(leftovers(lab.pid)).not.toEqual([]);
  expect(await lab.stop('SIGTERM')).toBe(143);
  expect(leftovers(lab.pid)).toEqual([]);
});

it('needs root, and says so', async () => {
  const nobody = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'];
  const result = await run([...nobody, LAB]);
  expect(result).toMatchObject({ status: 4 });
  expect(result.stderr).toContain('sudo npm run lab');
});
