import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import { afterAll, describe, expect, it } from 'vitest';
import { FEATURES } from '../../src/ebpf/index.ts';
import { compileFixtures } from './fixtures.ts';

const fixtures = compileFixtures('basic');
afterAll(() => fixtures[Symbol.dispose]());

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Runs a script that sees the binding as `ebpf`, as a user without capabilities. @returns what it printed, as JSON */
function withoutRights(script: string): unknown {
  const { outputFiles } = buildSync({
    stdin: { contents: `import * as ebpf from './src/ebpf/index.ts';\n${script}`, resolveDir: ROOT, loader: 'ts' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'es2022',
    external: ['koffi'],
    write: false,
  });
  const command = ['--inh-caps=-all', '--bounding-set=-all', process.execPath, '--input-type=module', '-'];
  const { stdout, stderr } = spawnSync('setpriv', command, {
    cwd: ROOT,
    input: outputFiles[0]!.text,
    encoding: 'utf8',
    env: { ...process.env, OBJECT: fixtures.object('basic') },
  });
  expect(stderr).toBe('');
  return JSON.parse(stdout);
}

describe('without rights', () => {
  it('an object opens, and loading it says NOT_ROOT', () => {
    const answer = withoutRights(`
      const object = ebpf.BpfObject.open(process.env.OBJECT);
      const attempts = [
        () => object.load(),
        () => ebpf.BpfMap.create({ type: 1, keySize: 4, valueSize: 4, maxEntries: 1 }),
        () => ebpf.mountBpffs('/mnt'),
      ];
      console.log(JSON.stringify(attempts.map((attempt) => {
        try { attempt(); } catch (error) { return [error.code, error.message]; }
      })));`);
    expect(answer).toEqual([
      ['NOT_ROOT', 'load basic: operation not permitted (EPERM)'],
      ['NOT_ROOT', 'bpf_map_create: operation not permitted (EPERM)'],
      ['NOT_ROOT', 'mount /mnt: operation not permitted (EPERM)'],
    ]);
  });

  it('no feature is said to be missing', () => {
    const answers = withoutRights('console.log(JSON.stringify(ebpf.probeFeatures()));') as { reason: string }[];
    expect(answers.length).toBe(Object.keys(FEATURES).length);
    expect(answers.filter((answer) => 'supported' in answer && !answer.supported)).toEqual([]);
    expect(answers.filter(({ reason }) => reason === 'could not tell: asking needs root').length).toBeGreaterThan(5);
  });
});
