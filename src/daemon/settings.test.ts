import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readSettings, salvageSettings } from './settings.ts';

let directory: string;
let file: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'nxt-settings-'));
  file = join(directory, 'config.yaml');
});

afterEach(() => rmSync(directory, { recursive: true, force: true }));

const PLACES = 'base:\n  bpf_pin_path: /sys/fs/bpf/b # here\npaths:\n  state_dir: "/s"\n  run_dir: /r\n';

it('lets the command line name the interfaces', () => {
  writeFileSync(file, 'base:\n  interfaces: [eth0]\n');
  expect(readSettings(file).config.base.interfaces).toEqual(['eth0']);
  expect(readSettings(file, { interfaces: [] }).config.base.interfaces).toEqual(['eth0']);
  expect(readSettings(file, { interfaces: ['eth1'] }).config.base.interfaces).toEqual(['eth1']);
});

describe('settings of a broken file', () => {
  it.each([
    ['nothing broken', PLACES],
    ['an unknown key', `${PLACES}nonsense: 1\n`],
    ['a bad value', `mode: maybe\n${PLACES}`],
    ['broken YAML', `mode: [\n${PLACES}\t- : :\n`],
    ['bytes that are no text', `${PLACES}# \xff\xfe\n`],
    ['braces', 'nonsense: 1\nbase: { bpf_pin_path: /sys/fs/bpf/b }\npaths: {state_dir: /s,run_dir: /r}\n'],
    ['comments with other values', `# bpf_pin_path: /no\n  # state_dir: /no\n${PLACES}nonsense: 1\n`],
  ])('are found in spite of %s', (_name, text) => {
    writeFileSync(file, Buffer.from(text, 'latin1'));
    expect(salvageSettings(file).paths).toMatchObject({ pinPath: '/sys/fs/bpf/b', stateDir: '/s', runDir: '/r' });
  });

  it('come with the problem', () => {
    writeFileSync(file, 'nonsense: 1\n');
    expect(salvageSettings(file).problem).toMatchObject({ code: 'CONFIG_INVALID' });
    writeFileSync(file, 'mode: monitor\n');
    expect(salvageSettings(file).problem).toBeNull();
  });

  it('are those of no file that was misspelt', () => {
    expect(() => salvageSettings(join(directory, 'missing.yaml'))).toThrow('missing.yaml');
  });
});
