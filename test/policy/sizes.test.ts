import { describe, expect, it } from 'vitest';
import { files, lineCount, read } from './sources.ts';

const MEDIAN = 110;
const NINETY_PERCENT = 350;
const MOST = 500;
const STAGE_HEADER = 250;
const BPF_FUNCTION = 60;

const sized = (matching: RegExp): { path: string; lines: number }[] =>
  files(matching).map((path) => ({ path, lines: lineCount(path) }));

describe('file sizes', () => {
  const typescript = sized(/^(src|web|test|bench|scripts)\/.*\.(tsx?|mjs)$/).sort((a, b) => a.lines - b.lines);
  const at = (share: number): number => typescript[Math.floor((typescript.length - 1) * share)]!.lines;

  it(`has a median of at most ${MEDIAN} lines, and nine in ten of at most ${NINETY_PERCENT}`, () => {
    expect(at(0.5)).toBeLessThanOrEqual(MEDIAN);
    expect(at(0.9)).toBeLessThanOrEqual(NINETY_PERCENT);
  });

  it(`has no source over ${MOST} lines`, () => {
    const all = [...typescript, ...sized(/^(bpf\/.*\.[ch]|scripts\/.*\.sh)$/)];
    expect(all.filter(({ lines }) => lines > MOST)).toEqual([]);
  });

  it(`has no BPF stage over ${STAGE_HEADER} lines`, () => {
    expect(sized(/^bpf\/stages\/.*\.h$/).filter(({ lines }) => lines > STAGE_HEADER)).toEqual([]);
  });

  it(`has no BPF function over ${BPF_FUNCTION} lines`, () => {
    const long = files(/^bpf\/.*\.[ch]$/).flatMap((path) => {
      // In the kernel's style a function's braces, and only those, with code inside them stand in the first column.
      const bodies = read(path).matchAll(/^([^\n]*\([^\n]*\n?[^\n;]*)\n\{\n([\s\S]*?)\n\}\n/gm);
      return [...bodies]
        .map(([, head, body]) => ({ function: `${path}: ${head!.split('\n')[0]}`, lines: body!.split('\n').length }))
        .filter(({ lines }) => lines > BPF_FUNCTION);
    });
    expect(long).toEqual([]);
  });
});
