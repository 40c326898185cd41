import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createLogger, formatLine, quiet } from './log.ts';

const line = (more: object) => JSON.stringify({ level: 40, time: 0, pid: 1, hostname: 'h', ...more });

it('writes a line that people can read', () => {
  expect(formatLine(line({ msg: 'map is nearly full', map: 'lock_list' }), false)).toBe(
    '1970-01-01T00:00:00.000Z warn: map is nearly full map="lock_list"\n',
  );
});

it('leaves the time to the journal and gives it the priority', () => {
  expect(formatLine(line({ msg: 'x' }), true)).toBe('<4>warn: x\n');
});

it('keeps the stack of an error, on one line', () => {
  const text = formatLine(line({ level: 50, msg: 'x', err: { message: 'm', stack: 'Error: m\n    at f' } }), true);
  expect(text).toBe('<3>error: x err="Error: m\\n    at f"\n');
});

it('writes JSON lines to the configured file, from the configured level on', () => {
  const directory = mkdtempSync(join(tmpdir(), 'nxt-log-'));
  try {
    const path = join(directory, 'deep', 'netxfw.log');
    const logger = createLogger({ level: 'warn', path });
    logger.info('not this');
    logger.warn({ map: 'lock_list' }, 'this');
    const lines = readFileSync(path, 'utf8').trim().split('\n');
    expect(lines.map((text) => JSON.parse(text))).toMatchObject([{ msg: 'this', map: 'lock_list' }]);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
});

it('names a log file that cannot be opened', () => {
  expect(() => createLogger({ level: 'info', path: '/dev/null/x.log' })).toThrow('/dev/null/x.log');
});

it.each([
  ['debug', 'warn'],
  ['info', 'warn'],
  ['warn', 'warn'],
  ['error', 'error'],
  ['silent', 'silent'],
] as const)('lets libraries say at level %s what is %s or worse', (level, least) => {
  expect(quiet(createLogger({ level, path: null })).level).toBe(least);
});
