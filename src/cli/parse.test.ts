import { describe, expect, it } from 'vitest';
import { command } from './command.ts';
import { parseInput, scanArguments } from './parse.ts';

const sample = command({
  summary: 'sample',
  examples: [],
  args: { list: { help: '', choices: ['allow', 'deny'] }, rest: { help: '', optional: true, many: true } },
  options: {
    ttl: { value: 'TIME', help: '' },
    interface: { short: 'i', value: 'NAME', many: true, help: '' },
    force: { short: 'f', help: '' },
  },
  async run() {},
});
const parse = (...argv: string[]) => parseInput('sample', sample, argv);

describe('parseInput', () => {
  it('places words and options, in any order', () => {
    const expected = { list: 'deny', rest: ['a', 'b'], ttl: '5m', interface: ['x', 'y'], force: true };
    expect(parse('deny', 'a', 'b', '--ttl', '5m', '-i', 'x', '-i', 'y', '-f')).toEqual(expected);
    expect(parse('-fi', 'x', 'deny', '--ttl=5m', 'a', '-iy', '--', 'b')).toEqual(expected);
  });

  it('leaves out what was not given', () => {
    expect(parse('allow')).toEqual({ list: 'allow', rest: [], ttl: undefined, interface: [], force: false });
  });

  it('takes words after -- as they are', () => {
    expect(parse('allow', '--', '--ttl', '-f').rest).toEqual(['--ttl', '-f']);
  });

  it('takes a value that begins with a dash only after =', () => {
    expect(parse('allow', '--ttl=-5').ttl).toBe('-5');
    expect(() => parse('allow', '--ttl', '-5')).toThrow('--ttl needs a value: TIME');
  });

  it('takes the last of an option that was given twice', () => {
    expect(parse('allow', '--ttl', '1m', '--ttl', '2m').ttl).toBe('2m');
  });

  it.each([
    [[], 'LIST is missing'],
    [['alow'], 'LIST is "alow": it must be allow or deny'],
    [['allow', '--ttl', ''], '--ttl needs a value: TIME'],
    [['allow', '--ttl='], '--ttl needs a value: TIME'],
    [['allow', '-i'], '-i needs a value: NAME'],
    [['allow', '--force=1'], '--force takes no value'],
    [['allow', '--no-force'], 'there is no option --no-force'],
    [['allow', '--constructor'], 'there is no option --constructor'],
    [['allow', '--__proto__=x'], 'there is no option --__proto__'],
    [['allow', '-fz'], 'there is no option -z'],
  ])('refuses %j', (argv, message) => {
    expect(() => parse(...argv)).toThrow(expect.objectContaining({ code: 'USAGE', message }));
  });
});

describe('scanArguments', () => {
  it('finds the words wherever the global options stand', () => {
    const { globals, words, at } = scanArguments(['-c', 'f.yaml', 'rule', '--json', 'add', '--ttl', '1m']);
    expect(globals).toEqual({ config: 'f.yaml', json: true });
    expect(words.slice(0, 2)).toEqual(['rule', 'add']);
    expect(at.slice(0, 2)).toEqual([2, 4]);
  });

  it('never fails', () => {
    expect(scanArguments(['--config', '--nonsense=1', '-zzz', '--json=x']).globals).toEqual({});
  });
});
