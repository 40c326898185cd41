import { Buffer } from 'node:buffer';

/** A packet as pcapng keeps it. */
export interface CapturedPacket {
  readonly interface: string;
  /** Unix milliseconds. */
  readonly at: number;
  /** The frame's first bytes. */
  readonly data: Uint8Array;
  /** Bytes on the wire. */
  readonly length: number;
  readonly comment: string;
}

/** Block types and options of draft-ietf-opsawg-pcapng. */
const SECTION_HEADER = 0x0a0d0d0a;
const INTERFACE_DESCRIPTION = 1;
const ENHANCED_PACKET = 6;
const BYTE_ORDER_MAGIC = 0x1a2b3c4d;
const LINKTYPE_ETHERNET = 1;
const OPTION = { end: 0, comment: 1, ifName: 2, packetFlags: 2, application: 4 } as const;
/** Bits 0 and 1 of the flags: received. */
const INBOUND = 1;

/** Makes the blocks of a pcapng file, little endian, times in microseconds. Writing them is the caller's part. */
export class PcapngEncoder {
  readonly #interfaces = new Map<string, number>();

  /** The file's first block. @param application that wrote it */
  header(application: string): Buffer {
    const head = Buffer.alloc(16);
    head.writeUInt32LE(BYTE_ORDER_MAGIC, 0);
    head.writeUInt16LE(1, 4);
    // The length of the section is not known in advance.
    head.fill(0xff, 8);
    return block(SECTION_HEADER, head, options([[OPTION.application, Buffer.from(application)]]));
  }

  /** The block of a packet, behind the one that describes its interface when it is the first from there. */
  packet({ interface: name, at, data, length, comment }: CapturedPacket): Buffer {
    const known = this.#interfaces.get(name);
    const id = known ?? this.#interfaces.size;
    const head = Buffer.alloc(20);
    const microseconds = BigInt(Math.round(at)) * 1000n;
    head.writeUInt32LE(id, 0);
    head.writeUInt32LE(Number(microseconds >> 32n), 4);
    head.writeUInt32LE(Number(microseconds & 0xffff_ffffn), 8);
    head.writeUInt32LE(data.length, 12);
    head.writeUInt32LE(Math.max(length, data.length), 16);
    const flags = Buffer.alloc(4);
    flags.writeUInt32LE(INBOUND);
    const about = options([
      [OPTION.packetFlags, flags],
      [OPTION.comment, Buffer.from(comment)],
    ]);
    const packet = block(ENHANCED_PACKET, head, padded(data), about);
    if (known !== undefined) return packet;
    this.#interfaces.set(name, id);
    return Buffer.concat([interfaceBlock(name), packet]);
  }

  /** The last bytes: a file without packets names an interface all the same, because readers refuse it otherwise. */
  end(): Buffer {
    return this.#interfaces.size > 0 ? Buffer.alloc(0) : interfaceBlock('none');
  }
}

function interfaceBlock(name: string): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt16LE(LINKTYPE_ETHERNET, 0);
  return block(INTERFACE_DESCRIPTION, head, options([[OPTION.ifName, Buffer.from(name)]]));
}

/** Type, length, body and the length again. */
function block(type: number, ...body: readonly Uint8Array[]): Buffer {
  const length = 12 + body.reduce((sum, part) => sum + part.length, 0);
  const head = Buffer.alloc(8);
  head.writeUInt32LE(type, 0);
  head.writeUInt32LE(length, 4);
  return Buffer.concat([head, ...body, head.subarray(4)]);
}

function options(list: readonly (readonly [code: number, value: Uint8Array])[]): Buffer {
  const parts = list.flatMap(([code, value]) => {
    const head = Buffer.alloc(4);
    head.writeUInt16LE(code, 0);
    head.writeUInt16LE(value.length, 2);
    return [head, padded(value)];
  });
  return Buffer.concat([...parts, Buffer.alloc(4)]);
}

/** Everything begins at a multiple of four bytes. */
function padded(bytes: Uint8Array): Buffer {
  return Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)]);
}
