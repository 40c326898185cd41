import { describe, expect, it } from 'vitest';
import { LineLog } from './line-log.ts';
import { Disk, systemError } from './testing/disk.ts';

const PATH = '/state/some.jsonl';

const linesOf = (disk: Disk) => [...new LineLog(disk, PATH, 40).backwards()];

describe('a log of lines', () => {
  it('gives the last line first, also after a restart, and is nobody else’s to read', () => {
    const disk = new Disk();
    expect(linesOf(disk)).toEqual([]);
    for (const line of ['one', 'zwei', '三']) new LineLog(disk, PATH, 40).append(line);
    expect(linesOf(disk)).toEqual(['三', 'zwei', 'one']);
    expect(disk.mode(PATH)).toBe(0o600);
  });

  it('stays within its bound: a full file takes the place of the one before', () => {
    const disk = new Disk();
    const log = new LineLog(disk, PATH, 40);
    for (let i = 0; i < 100; i++) log.append(`line ${i}`);
    const kept = linesOf(disk);
    expect(kept[0]).toBe('line 99');
    expect(kept).toEqual(kept.map((_, i) => `line ${99 - i}`));
    expect(kept.length).toBeGreaterThanOrEqual(5);
    expect([...disk.names.keys()].sort()).toEqual([PATH, `${PATH}.1`]);
    for (const path of disk.names.keys()) expect(Buffer.byteLength(disk.text(path))).toBeLessThanOrEqual(40);
    log.close();
    expect(disk.openFiles).toBe(0);
  });

  it('takes one line that is longer than a file', () => {
    const disk = new Disk();
    const log = new LineLog(disk, PATH, 40);
    for (const line of ['x'.repeat(100), 'short', 'y'.repeat(100)]) log.append(line);
    expect(linesOf(disk)[0]).toBe('y'.repeat(100));
  });

  it('cuts off what a crash has left half written, before it goes on', () => {
    const disk = new Disk();
    disk.put(PATH, 'whole\nhal');
    expect(linesOf(disk)).toEqual(['whole']);
    new LineLog(disk, PATH, 40).append('next');
    expect(disk.text(PATH)).toBe('whole\nnext\n');
  });

  it('leaves no half line behind when the disk is full, and goes on when it is not', () => {
    const disk = new Disk();
    const log = new LineLog(disk, PATH, 40);
    log.append('before');
    disk.fault = (call) => {
      if (call === 'write') throw systemError('ENOSPC');
    };
    expect(() => log.append('lost, and long')).toThrow('ENOSPC');
    expect(linesOf(disk)).toEqual(['before']);
    disk.fault = () => {};
    log.append('after');
    expect(disk.text(PATH)).toBe('before\nafter\n');
  });
});
