import { Buffer } from 'node:buffer';
import type { PrefixList } from '../model/prefix-list.ts';
import { MAX_PREFIX_BYTES, writePrefix4, writePrefix6 } from './address-bytes.ts';

const CHUNK = 256 * 1024;

/** Writes every prefix between two constant texts; the chunks are the caller's to keep. */
export function* encodeRows(prefixes: PrefixList, before: string, after: string): Generator<Buffer> {
  const [head, tail] = [Buffer.from(before), Buffer.from(after)];
  const most = head.length + MAX_PREFIX_BYTES + tail.length;
  const { addresses4, lengths4, words6, lengths6, count4, size } = prefixes;
  let buffer = Buffer.allocUnsafe(Math.max(CHUNK, most));
  let at = 0;
  for (let i = 0; i < size; i++) {
    if (buffer.length - at < most) {
      yield buffer.subarray(0, at);
      buffer = Buffer.allocUnsafe(Math.max(CHUNK, most));
      at = 0;
    }
    at += head.copy(buffer, at);
    if (i < count4) at = writePrefix4(buffer, at, addresses4[i]!, lengths4[i]!);
    else {
      const w = (i - count4) * 4;
      const words = [words6[w]!, words6[w + 1]!, words6[w + 2]!, words6[w + 3]!] as const;
      at = writePrefix6(buffer, at, words, lengths6[i - count4]!);
    }
    at += tail.copy(buffer, at);
  }
  if (at > 0) yield buffer.subarray(0, at);
}
