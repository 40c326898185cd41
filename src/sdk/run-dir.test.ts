import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { scanRunDir } from './run-dir.ts';

describe('scanRunDir', () => {
  it.each([
    'paths:\n  run_dir: /run/a\n',
    '# top\nbase:\n  interfaces: [eth0]\npaths: # where\n\n  # run_dir: /no\n  state_dir: /s\n  run_dir: /run/a # yes\nmode: enforce\n',
    'paths:\r\n    state_dir: /s\r\n    run_dir:   /run/a\r\n',
  ])('reads the usual form: %j', (text) => {
    expect(scanRunDir(text)).toBe('/run/a');
    expect(parse(text).paths.run_dir).toBe('/run/a');
  });

  it.each(['', 'mode: enforce\n', 'paths:\n  # run_dir: /x\n  state_dir: /s\n'])('sees that %j has none', (text) => {
    expect(scanRunDir(text)).toBeNull();
    expect(parse(text)?.paths?.run_dir).toBeUndefined();
  });

  it('leaves no slash at the end, as everywhere else', () => {
    expect(scanRunDir('paths:\n  run_dir: /run/a/\n')).toBe('/run/a');
  });

  it.each([
    ['another form', 'paths: { run_dir: /run/a }\n'],
    ['quotes', 'paths:\n  run_dir: "/run/a"\n'],
    ['quoted key', 'paths:\n  "run_dir": /run/a\n'],
    ['escaped key', 'paths:\n  "run\\u005fdir": /run/a\n'],
    ['a value of two lines', 'paths:\n  run_dir: /run/a\n    b\n'],
    ['a value on the next line', 'paths:\n  run_dir:\n    /run/a\n'],
    ['another parent', 'other:\n  run_dir: /run/a\n'],
    ['a deeper parent', 'paths:\n  inner:\n    run_dir: /run/a\n'],
    ['no parent', 'run_dir: /run/a\n'],
    ['twice', 'paths:\n  run_dir: /run/a\n  run_dir: /run/b\n'],
    ['text in a block', 'x: |\n  paths:\n    run_dir: /run/a\n'],
    ['an anchor', 'a: &a\n  b: 1\npaths: *a\n'],
    ['a merge', 'paths:\n  <<: {}\n  run_dir: /run/a\n'],
    ['two documents', '---\npaths:\n  run_dir: /run/a\n'],
    ['a variable', 'paths:\n  run_dir: $HOME/run\n'],
    ['tabs', 'paths:\n\trun_dir: /run/a\n'],
    ['a comment that is none', 'paths:\n  run_dir: /run/a#b\n'],
  ])('leaves %s to the full parser', (_name, text) => {
    expect(scanRunDir(text)).toBeUndefined();
  });
});
