import { checksum, concat, toHex, Writer } from './packet-bytes.ts';
import { describeLayers } from './packet-describe.ts';
import type { Layer } from './packet-layers.ts';
import { writeLayer } from './packet-write.ts';

export * from './packet-layers.ts';
export { describeLayers, toHex };

type Nested = Layer | readonly Nested[];

/** Layers in order, with helpers such as `dhcpReply()` that stand for several laid flat. */
export function layers(...parts: readonly Nested[]): Layer[] {
  return parts.flatMap((part) => (Array.isArray(part) ? layers(...(part as readonly Nested[])) : [part as Layer]));
}

/** Bytes of a frame or, when the first layer is IP, of a packet without its Ethernet header. */
export function packet(...parts: readonly Nested[]): Uint8Array {
  const stack = layers(...parts);
  const inside = stack.filter((layer) => layer.layer !== 'trailer');
  const behind = stack.reduce((sum, layer) => sum + (layer.layer === 'trailer' ? layer.bytes : 0), 0);
  let bytes: Uint8Array = new Uint8Array(0);
  for (let i = inside.length - 1; i >= 0; i--) {
    const header = writeLayer(inside[i]!, { rest: bytes, before: inside.slice(0, i), next: inside[i + 1], packet });
    bytes = concat(header, bytes);
  }
  return concat(bytes, new Uint8Array(behind));
}

/** A copy with the bits of `mask` flipped at `at`. */
export function flip(bytes: Uint8Array, at: number, mask: number): Uint8Array {
  const copy = bytes.slice();
  if (at < copy.length) copy[at] = copy[at]! ^ mask;
  return copy;
}

export { checksum, Writer };
