import { describe, expect, it } from 'vitest';
import { BpfPluginsFile } from './bpf-plugins.ts';
import { Disk } from './testing/disk.ts';

const PATH = '/state/bpf-plugins.json';
const PLUGINS = [
  { slot: 2, file: '/opt/a.o' },
  { slot: 15, file: '/opt/b.o' },
];

describe('the file of BPF plugins', () => {
  it('keeps what it was given, and is there only while there is something', () => {
    const disk = new Disk();
    const file = new BpfPluginsFile(PATH, disk);
    expect(file.load()).toEqual([]);
    file.save(PLUGINS);
    expect(new BpfPluginsFile(PATH, disk).load()).toEqual(PLUGINS);
    expect(disk.mode(PATH)).toBe(0o600);
    file.save([]);
    expect(disk.names.has(PATH)).toBe(false);
    expect(file.load()).toEqual([]);
  });

  it.each([
    ['no JSON', '{"version":1,'],
    ['another version', '{"version":3,"plugins":[]}'],
    ['no checksum', '{"format":"netxfw-bpf-plugins","version":2,"plugins":[]}'],
    ['no list', '{"version":1}'],
    ['a relative path', '{"version":1,"plugins":[{"slot":2,"file":"a.o"}]}'],
    ['a slot that is none', '{"version":1,"plugins":[{"slot":"2","file":"/a.o"}]}'],
  ])('is refused when it is damaged, never read as empty: %s', (_name, text) => {
    const disk = new Disk();
    disk.put(PATH, text);
    expect(() => new BpfPluginsFile(PATH, disk).load()).toThrowError(
      expect.objectContaining({ code: 'STORE_DAMAGED' }),
    );
  });

  it('is read when an older version wrote it', () => {
    const disk = new Disk();
    disk.put(PATH, JSON.stringify({ version: 1, plugins: PLUGINS }));
    expect(new BpfPluginsFile(PATH, disk).load()).toEqual(PLUGINS);
  });

  it('says that it could not be written', () => {
    const disk = new Disk();
    disk.fault = () => {
      throw new Error('ENOSPC: injected');
    };
    expect(() => new BpfPluginsFile(PATH, disk).save(PLUGINS)).toThrowError(
      expect.objectContaining({ code: 'STORE_WRITE_FAILED' }),
    );
  });
});
