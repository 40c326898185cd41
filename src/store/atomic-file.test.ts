import { describe, expect, it } from 'vitest';
import { replaceFile, UncertainReplaceError, writeFileAtomically } from './atomic-file.ts';
import { type Call, Disk, systemError } from './testing/disk.ts';

const FILE = '/d/file';

function fail(disk: Disk, call: Call): void {
  disk.fault = (made) => {
    if (made === call) throw systemError('EIO');
  };
}

describe('replaceFile', () => {
  it('leaves the old or the new content after a power failure at any call', () => {
    for (let calls = 1; calls < 20; calls++) {
      for (let choice = 0; choice < 4; choice++) {
        const disk = new Disk();
        disk.put(FILE, 'old');
        disk.fault = (_, n) => {
          if (n === calls) throw systemError('EIO');
        };
        let done = true;
        try {
          writeFileAtomically(disk, FILE, 'new content');
        } catch {
          done = false;
        }
        const left = disk.afterPowerFailure((options) => choice % options).text(FILE);
        expect(done ? ['new content'] : ['old', 'new content']).toContain(left);
      }
    }
  });

  it.each(['create', 'write', 'fsync', 'close', 'link', 'rename'] as const)(
    'keeps the old file when %s fails',
    (call) => {
      const disk = new Disk();
      disk.put(FILE, 'old');
      fail(disk, call);
      expect(() =>
        replaceFile(disk, FILE, (write) => write(Buffer.from('new'), 0), { keepOldAs: '/d/before' }),
      ).toThrow('EIO');
      expect(disk.text(FILE)).toBe('old');
      expect(disk.names.has('/d/file.tmp')).toBe(false);
      expect(disk.openFiles).toBe(0);
    },
  );

  it('takes the new file back when the directory cannot be made durable', () => {
    const disk = new Disk();
    fail(disk, 'fsyncDirectory');
    const replace = () => replaceFile(disk, FILE, (write) => write(Buffer.from('new'), 0), { keepOldAs: '/d/before' });
    expect(replace).toThrow(UncertainReplaceError);
    expect(disk.names.has(FILE)).toBe(false);
    disk.put(FILE, 'old');
    expect(replace).toThrow(UncertainReplaceError);
    expect(disk.text(FILE)).toBe('old');
  });

  it('keeps the file that it replaced', () => {
    const disk = new Disk();
    for (const content of ['one', 'two', 'three']) {
      replaceFile(disk, FILE, (write) => write(Buffer.from(content), 0), { keepOldAs: '/d/before', mode: 0o640 });
    }
    expect([disk.text(FILE), disk.text('/d/before'), disk.mode(FILE)]).toEqual(['three', 'two', 0o640]);
  });
});
