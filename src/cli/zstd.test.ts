import { describe, expect, it } from 'vitest';
import { pack, unpacked } from './zstd.ts';

async function* pieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function all(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const held: Uint8Array[] = [];
  for await (const chunk of chunks) held.push(chunk);
  return Buffer.concat(held);
}

const packed = async (text: string) => await all(pack(pieces(Buffer.from(text), 65_536)));

describe('a packed backup', () => {
  it('comes back as it was, however much alike its lines are', async () => {
    const alike = `{"list":"deny","reason":"always the same"}\n`.repeat(200_000);
    const differing = Array.from({ length: 20_000 }, (_, i) => `198.51.${i >> 8}.${i & 255}`).join('\n');
    for (const text of [alike, differing, 'x', '']) {
      const bytes = await packed(text);
      for (const size of [1000, 1_000_000]) {
        expect((await all(unpacked(pieces(bytes, size), 'backup'))).toString() === text).toBe(true);
      }
    }
  });

  it('is refused when it is damaged or cut off, by name', async () => {
    const bytes = await packed('192.0.2.1\n'.repeat(1000));
    const damaged = Buffer.from(bytes);
    damaged[6] = damaged[6]! ^ 0xff;
    for (const bad of [damaged, bytes.subarray(0, -3), bytes.subarray(0, 7)]) {
      await expect(all(unpacked(pieces(bad, 10), 'backup.zst'))).rejects.toMatchObject({
        code: 'INVALID_INPUT',
        message: expect.stringContaining('backup.zst'),
      });
    }
  });

  it('is recognised by how it begins', async () => {
    for (const text of ['192.0.2.1\n', 'x', '']) {
      expect((await all(unpacked(pieces(Buffer.from(text), 1), 'list'))).toString()).toBe(text);
    }
  });
});
