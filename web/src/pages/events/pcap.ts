import type { VerdictEvent } from '../../../../src/model/events.ts';

const MAGIC = 0xa1b2c3d4;
const LINKTYPE_ETHERNET = 1;
const SNAP_LENGTH = 65_535;
const FILE_HEADER = 24;
const PACKET_HEADER = 16;

/**
 * The packets of events as a capture file, the oldest first (draft-ietf-opsawg-pcap): version 2.4, microseconds. An
 * event without data is left out.
 */
export function pcapOf(events: readonly VerdictEvent[]): Uint8Array<ArrayBuffer> {
  const packets = events
    .flatMap(({ at, length, data }) =>
      data === undefined ? [] : [{ at: Date.parse(at), length, bytes: decoded(data) }],
    )
    .sort((a, b) => a.at - b.at);
  const size = packets.reduce((sum, { bytes }) => sum + PACKET_HEADER + bytes.length, FILE_HEADER);
  const file = new Uint8Array(size);
  const view = new DataView(file.buffer);
  view.setUint32(0, MAGIC);
  view.setUint16(4, 2);
  view.setUint16(6, 4);
  view.setUint32(16, SNAP_LENGTH);
  view.setUint32(20, LINKTYPE_ETHERNET);
  let offset = FILE_HEADER;
  for (const { at, length, bytes } of packets) {
    view.setUint32(offset, Math.floor(at / 1000));
    view.setUint32(offset + 4, (at % 1000) * 1000);
    view.setUint32(offset + 8, bytes.length);
    view.setUint32(offset + 12, Math.max(length, bytes.length));
    file.set(bytes, offset + PACKET_HEADER);
    offset += PACKET_HEADER + bytes.length;
  }
  return file;
}

function decoded(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

/** Hands the browser a file to keep. */
export function download(name: string, bytes: Uint8Array<ArrayBuffer>): void {
  const url = URL.createObjectURL(new Blob([bytes], { type: 'application/vnd.tcpdump.pcap' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
