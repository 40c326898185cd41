import { appendFileSync, copyFileSync, mkdtempSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MAX_LINE } from './lines.ts';
import { Tail } from './tail.ts';
import type { Position } from './tail-file.ts';

let directory: string;
let log: string;
let lines: string[];
let problems: string[];
let clock: number;
const open: Tail[] = [];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'nxt-tail-'));
  log = join(directory, 'auth.log');
  lines = [];
  problems = [];
  clock = 0;
});
afterEach(() => {
  for (const tail of open.splice(0)) tail[Symbol.dispose]();
  rmSync(directory, { recursive: true });
});

function follow(paths: readonly string[] = [log], positions: Record<string, Position> = {}): Tail {
  const tail = new Tail({
    paths,
    positions,
    onLines: (_path, some) => lines.push(...some),
    onProblem: (message) => problems.push(message),
    now: () => clock,
  });
  open.push(tail);
  return tail;
}

function look(tail: Tail): string[] {
  tail.discover();
  while (tail.read());
  return lines.splice(0);
}

describe('a file that is followed', () => {
  it('gives the lines that come, not those that were there', () => {
    writeFileSync(log, 'old\n');
    const tail = follow();
    expect(look(tail)).toEqual([]);
    appendFileSync(log, 'one\ntwo\n');
    expect(look(tail)).toEqual(['one', 'two']);
    expect(look(tail)).toEqual([]);
  });

  it('gives a line when it is whole, whatever pieces it comes in', () => {
    writeFileSync(log, '');
    const tail = follow();
    for (const piece of ['o', 'n', 'e\ntw', 'o', '\n\xe4']) {
      appendFileSync(log, piece);
      tail.read();
    }
    expect(lines.splice(0)).toEqual(['one', 'two']);
    const bytes = Buffer.from('ü\n');
    appendFileSync(log, bytes.subarray(0, 1));
    tail.read();
    appendFileSync(log, bytes.subarray(1));
    expect(look(tail)).toEqual(['\xe4ü']);
  });

  it('cuts endless lines, and goes on after them', () => {
    writeFileSync(log, '');
    const tail = follow();
    for (let i = 0; i < 10; i++) {
      appendFileSync(log, 'x'.repeat(100_000));
      tail.read();
    }
    appendFileSync(log, ' end of it\nnext\n');
    const [long, next, ...more] = look(tail);
    expect([long!.length, next, more]).toEqual([MAX_LINE, 'next', []]);
    appendFileSync(log, `${'y'.repeat(50_000)}\nlast\n`);
    expect(look(tail).map((line) => line.length)).toEqual([MAX_LINE, 4]);
  });

  it('is followed through a rename, with what its writer adds to the old one', () => {
    writeFileSync(log, '');
    const tail = follow();
    appendFileSync(log, 'before\n');
    renameSync(log, `${log}.1`);
    appendFileSync(`${log}.1`, 'late\n');
    writeFileSync(log, 'new\n');
    expect(look(tail).sort()).toEqual(['before', 'late', 'new']);
    appendFileSync(`${log}.1`, 'later\n');
    appendFileSync(log, 'newer\n');
    expect(look(tail).sort()).toEqual(['later', 'newer']);
    appendFileSync(`${log}.1`, 'without an end');
    look(tail);
    clock += 20_000;
    expect(look(tail)).toEqual(['without an end']);
  });

  it('is followed through a time without a file', () => {
    writeFileSync(log, '');
    const tail = follow();
    renameSync(log, `${log}.1`);
    expect(look(tail)).toEqual([]);
    appendFileSync(`${log}.1`, 'late\n');
    expect(look(tail)).toEqual(['late']);
    writeFileSync(log, 'new\n');
    expect(look(tail)).toEqual(['new']);
  });

  it('is read from its beginning when it was copied and emptied', () => {
    writeFileSync(log, '');
    const tail = follow();
    appendFileSync(log, 'one\ntwo\nthree\n');
    expect(look(tail)).toHaveLength(3);
    copyFileSync(log, `${log}.1`);
    truncateSync(log);
    expect(look(tail)).toEqual([]);
    appendFileSync(log, 'a\n');
    expect(look(tail)).toEqual(['a']);
  });

  it('is read from its beginning also when it has grown past the old end meanwhile', () => {
    writeFileSync(log, '');
    const tail = follow();
    appendFileSync(log, 'one\n');
    expect(look(tail)).toEqual(['one']);
    truncateSync(log);
    appendFileSync(log, 'new\nand more than there was before\n');
    expect(look(tail)).toEqual(['new', 'and more than there was before']);
  });

  it('may appear later', () => {
    const tail = follow();
    expect(look(tail)).toEqual([]);
    writeFileSync(log, 'first\n');
    expect(look(tail)).toEqual(['first']);
  });
});

describe('after a restart', () => {
  it('goes on exactly where it stopped, in the middle of a line too', () => {
    writeFileSync(log, '');
    const tail = follow();
    appendFileSync(log, `${'x'.repeat(200)}\none\nhal`);
    look(tail);
    const positions = tail.positions();
    appendFileSync(log, 'f\nmissed\n');
    expect(look(follow([log], positions))).toEqual(['half', 'missed']);
  });

  it('reads the rest of a file that was rotated meanwhile, then the new one', () => {
    writeFileSync(log, '');
    const tail = follow();
    appendFileSync(log, 'one\n');
    look(tail);
    const positions = tail.positions();
    appendFileSync(log, 'missed\n');
    renameSync(log, `${log}.1`);
    writeFileSync(log, 'new\n');
    expect(look(follow([log], positions)).sort()).toEqual(['missed', 'new']);
  });

  it('reads a file from its beginning that is another one now', () => {
    writeFileSync(log, 'one\n');
    const tail = follow();
    const positions = tail.positions();
    truncateSync(log);
    appendFileSync(log, 'new\nlonger than before\n');
    expect(look(follow([log], positions))).toEqual(['new', 'longer than before']);
  });
});

describe('a glob', () => {
  it('follows what matches and what comes to match, and nothing twice', () => {
    const glob = join(directory, '*.log*');
    writeFileSync(join(directory, 'a.log'), '');
    const tail = follow([glob]);
    appendFileSync(join(directory, 'a.log'), 'a1\n');
    writeFileSync(join(directory, 'b.log'), 'b1\n');
    writeFileSync(join(directory, 'old.log.gz'), 'packed\n');
    expect(look(tail).sort()).toEqual(['a1', 'b1']);
    renameSync(join(directory, 'a.log'), join(directory, 'a.log.1'));
    writeFileSync(join(directory, 'a.log'), 'a2\n');
    expect(look(tail)).toEqual(['a2']);
    clock += 20_000;
    expect(look(tail)).toEqual([]);
    expect(look(tail)).toEqual([]);
  });

  it('says what cannot be read', () => {
    const loop = join(directory, 'loop.log');
    writeFileSync(log, '');
    const tail = follow([log]);
    rmSync(log);
    tail.discover();
    expect(problems).toEqual([]);
    expect(() => follow([join(loop, 'x.log')])).not.toThrow();
  });
});
