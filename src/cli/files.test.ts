import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { NetxfwError } from '../model/errors.ts';
import { openInput, writeOutput } from './files.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'netxfw-files-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

async function* chunks(...texts: string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield Buffer.from(text);
}

async function* broken(): AsyncGenerator<Uint8Array> {
  yield Buffer.from('half');
  throw new NetxfwError('DAEMON_UNREACHABLE', 'gone');
}

describe('writeOutput', () => {
  it('replaces a file whole', async () => {
    const file = join(directory, 'a');
    writeFileSync(file, 'a long old content');
    await writeOutput(file, chunks('one', 'two'));
    expect(readFileSync(file, 'utf8')).toBe('onetwo');
  });

  it('keeps the old file when the data ends early, and leaves nothing beside it', async () => {
    const file = join(directory, 'a');
    writeFileSync(file, 'old');
    await expect(writeOutput(file, broken())).rejects.toMatchObject({ code: 'DAEMON_UNREACHABLE' });
    expect(readFileSync(file, 'utf8')).toBe('old');
    expect(readdirSync(directory)).toEqual(['a']);
  });

  it('writes through a link and into a device', async () => {
    symlinkSync(join(directory, 'real'), join(directory, 'link'));
    writeFileSync(join(directory, 'real'), 'old');
    await writeOutput(join(directory, 'link'), chunks('new'));
    expect(readFileSync(join(directory, 'real'), 'utf8')).toBe('new');
    await writeOutput('/dev/null', chunks('gone'));
    expect(readFileSync('/dev/null', 'utf8')).toBe('');
  });

  it('names the file that cannot be written, and why', async () => {
    const file = join(directory, 'missing', 'a');
    await expect(writeOutput(file, chunks('x'))).rejects.toMatchObject({
      code: 'STORE_WRITE_FAILED',
      message: `${file} cannot be written: ENOENT: no such file or directory`,
    });
  });
});

describe('openInput', () => {
  it('reads a file in pieces', async () => {
    const file = join(directory, 'big');
    writeFileSync(file, 'x'.repeat(600_000));
    const sizes: number[] = [];
    for await (const piece of await openInput(file)) sizes.push(piece.length);
    expect(sizes.reduce((a, b) => a + b)).toBe(600_000);
    expect(sizes.length).toBeGreaterThan(1);
  });

  it('refuses what is no file before anything is read', async () => {
    mkdirSync(join(directory, 'd'));
    await expect(openInput(join(directory, 'd'))).rejects.toMatchObject({ code: 'FILE_UNREADABLE' });
    await expect(openInput(join(directory, 'none'))).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
  });
});
