import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { unpacked } from './unpack.ts';

const MIB = 2 ** 20;
const TEXT = '192.0.2.1\n198.51.100.0/24\n';
const ZSTD = Buffer.from('KLUv/SQa0QAAMTkyLjAuMi4xCjE5OC41MS4xMDAuMC8yNAoil44b', 'base64');
/** A megabyte and a byte of zeros. */
const ZEROS = Buffer.from('KLUv/QRYVAAAEAAAAQD7/znAAgIAEAACABAAAgAQAAIAEAACABAAAgAQAAIAEAAJAAAAyaa3mA==', 'base64');

/** All of it, read in pieces. */
async function unpack(bytes: Buffer, { piece = 7, limit = 2 * MIB } = {}): Promise<string> {
  const pieces = async function* () {
    for (let at = 0; at < bytes.length; at += piece) yield bytes.subarray(at, at + piece);
  };
  const chunks: Uint8Array[] = [];
  for await (const chunk of unpacked(pieces(), limit)) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

/** A zstd frame: its head, and blocks that say one byte 128 Ki times each. */
function bomb(head: readonly number[], blocks: number): Buffer {
  const block = (last: number) => [...littleEndian(((128 * 1024) << 3) | (1 << 1) | last), 0x41];
  const body = Buffer.from(Array.from({ length: blocks }, (_, i) => block(Number(i === blocks - 1))).flat());
  return Buffer.concat([Buffer.from([0x28, 0xb5, 0x2f, 0xfd, ...head]), body]);
}
const littleEndian = (value: number) => [value & 255, (value >> 8) & 255, (value >> 16) & 255];
/** Heads with a window of 128 KiB, and of 2 GiB. */
const SMALL = [0x00, 7 << 3];
const HUGE = [0x00, (20 << 3) | 7];

describe('a packed list', () => {
  it('is unpacked whatever it is called, wherever its pieces end', async () => {
    for (const piece of [1, 2, 3, 1000]) {
      expect(await unpack(gzipSync(TEXT), { piece })).toBe(TEXT);
      expect(await unpack(Buffer.concat([gzipSync(TEXT), gzipSync(TEXT)]), { piece })).toBe(TEXT + TEXT);
      expect(await unpack(ZSTD, { piece })).toBe(TEXT);
      expect(await unpack(Buffer.concat([ZSTD, ZSTD]), { piece })).toBe(TEXT + TEXT);
      expect(await unpack(Buffer.from(TEXT), { piece })).toBe(TEXT);
      expect(await unpack(Buffer.from(''), { piece })).toBe('');
      expect(await unpack(Buffer.from('\x1f'), { piece })).toBe('\x1f');
    }
  });

  it('is refused when it is damaged or cut off', async () => {
    for (const bytes of [
      gzipSync(TEXT).subarray(0, 30),
      ZSTD.subarray(0, 20),
      Buffer.concat([ZSTD, ZEROS]).fill(7, 44),
    ]) {
      await expect(unpack(bytes)).rejects.toMatchObject({
        code: 'FILE_UNREADABLE',
        message: expect.stringContaining('cannot be unpacked'),
      });
    }
  });

  it('is refused as soon as it is too large', async () => {
    const packed = [gzipSync(Buffer.alloc(MIB + 1)), ZEROS, Buffer.alloc(MIB + 1, 'x'), bomb(SMALL, 9)];
    for (const bytes of packed) {
      const refused = expect(unpack(bytes, { piece: 1000, limit: MIB })).rejects;
      await refused.toMatchObject({ code: 'PAYLOAD_TOO_LARGE', message: expect.stringContaining('1 MiB') });
    }
    const late = unpack(bomb(SMALL, 4096), { piece: 16 * 1024, limit: 4096 * MIB });
    await expect(late).rejects.toMatchObject({ code: 'PAYLOAD_TOO_LARGE' });
  });

  it('cannot ask for more memory than a list is worth, in none of its frames', async () => {
    expect(await unpack(bomb(SMALL, 2))).toBe('A'.repeat(MIB / 4));
    for (const bytes of [bomb(HUGE, 1), Buffer.concat([ZSTD, bomb(HUGE, 1)])]) {
      await expect(unpack(bytes)).rejects.toThrow(/wants 1920 MiB of memory/);
    }
  });
});
