import { formatPrefix, prefixFromBytes } from '../../src/model/prefixes.ts';

/** EtherType reserved for local experiments (IEEE 802): no filter of ours and no stack touches it. */
export const MARKER_ETHERTYPE = 0x88b5;

/** What a test wants to know of a captured frame. */
export interface SeenFrame {
  readonly ethertype: number;
  /** VLAN ids, outermost first. */
  readonly vlans: readonly number[];
  /** Canonical text; undefined when it is not IP. */
  readonly source: string | undefined;
  readonly destination: string | undefined;
  /** Protocol or next-header field of the IP header. */
  readonly protocol: number | undefined;
  readonly bytes: Buffer;
}

const VLAN_TYPES = new Set([0x8100, 0x88a8]);

/** Reads the outer headers of a frame that a stack or a builder made; not meant for malformed ones. */
export function readFrame(bytes: Buffer): SeenFrame {
  const vlans: number[] = [];
  let at = 12;
  while (VLAN_TYPES.has(bytes.readUInt16BE(at))) {
    vlans.push(bytes.readUInt16BE(at + 2) & 0xfff);
    at += 4;
  }
  const ethertype = bytes.readUInt16BE(at);
  const ip = bytes.subarray(at + 2);
  const text = (address: Buffer): string => formatPrefix(prefixFromBytes(address));
  const text4 = (address: Buffer): string => [...address].join('.');
  if (ethertype === 0x0800 && ip.length >= 20) {
    const [source, destination] = [text4(ip.subarray(12, 16)), text4(ip.subarray(16, 20))];
    return { ethertype, vlans, source, destination, protocol: ip[9]!, bytes };
  }
  if (ethertype === 0x86dd && ip.length >= 40) {
    const [source, destination] = [text(ip.subarray(8, 24)), text(ip.subarray(24, 40))];
    return { ethertype, vlans, source, destination, protocol: ip[6]!, bytes };
  }
  return { ethertype, vlans, source: undefined, destination: undefined, protocol: undefined, bytes };
}

/** Frames of a pcap stream as tcpdump writes it (little-endian); a last, incomplete one is left out. */
export function readPcap(stream: Buffer): Buffer[] {
  const frames: Buffer[] = [];
  let at = 24;
  while (at + 16 <= stream.length) {
    const length = stream.readUInt32LE(at + 8);
    if (at + 16 + length > stream.length) break;
    frames.push(stream.subarray(at + 16, at + 16 + length));
    at += 16 + length;
  }
  return frames;
}
