import { readFileSync } from 'node:fs';
import type { Network } from './address.ts';
import { network } from './address.ts';

const HEADER = new URL('../../bpf/include/bogons.h', import.meta.url);

/** Not in the table because their lengths differ from all others'. */
const SINGLE = ['::/128', '::1/128'];

let table: readonly Network[] | undefined;

/** The table of bpf/include/bogons.h, line by line. */
export function readBogons(): readonly Network[] {
  table ??= [...bogonTexts(), ...SINGLE].map(network);
  return table;
}

/** `10.0.0.0/8` and `fc00:0:0:0::/7`, as the header has them. */
export function bogonTexts(): string[] {
  const text = readFileSync(HEADER, 'utf8');
  const four = [...text.matchAll(/^\s+NX_BOGON4\((\d+), (\d+), (\d+), (\d+), (\d+)\)/gm)];
  const six = [...text.matchAll(/^\s+NX_BOGON6\(0x([0-9a-f]{8}), 0x([0-9a-f]{8}), (\d+)\)/gm)];
  return [
    ...four.map(([, a, b, c, d, length]) => `${a}.${b}.${c}.${d}/${length}`),
    ...six.map(([, first, second, length]) => {
      const groups = `${first}${second}`.match(/.{4}/g)!.map((group) => Number.parseInt(group, 16).toString(16));
      return `${groups.join(':')}::/${length}`;
    }),
  ];
}
