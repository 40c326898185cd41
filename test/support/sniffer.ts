import { fileURLToPath } from 'node:url';
import { MARKER_ETHERTYPE, readFrame, readPcap, type SeenFrame } from './frames.ts';
import type { Namespace } from './netns.ts';
import { type Background, until } from './process.ts';

const SEND_FRAMES = fileURLToPath(new URL('send-frames.py', import.meta.url));

export interface SendOptions {
  /** Frames per second; left out = without pause. */
  readonly rate?: number;
  /** How often the whole list is sent; 0 = until it is stopped; default 1. */
  readonly rounds?: number;
}

/** Starts sending raw frames from a device. The list is sent in its order. */
export async function startSending(
  from: Namespace,
  device: string,
  frames: readonly Uint8Array[],
  options: SendOptions = {},
): Promise<Background> {
  const { rate = 0, rounds = 1 } = options;
  const input = frames.map((frame) => Buffer.from(frame).toString('hex')).join('\n');
  const sender = from.start(['/usr/bin/python3', SEND_FRAMES, device, String(rate), String(rounds)], { input });
  await until('the frame sender', () => {
    if (sender.status !== undefined && sender.status !== 0) throw new Error(`frame sender: ${sender.stderr}`);
    return sender.stdout.startsWith('ready\n');
  });
  return sender;
}

/** Waits for a sender that ends by itself, or ends one that does not. @returns the number of frames sent */
export async function finishSending(sender: Background, options: { stop: boolean } = { stop: false }): Promise<number> {
  const status = options.stop ? await sender.stop('SIGTERM') : await sender.exited;
  if (status !== 0) throw new Error(`frame sender: exit code ${status}\n${sender.stderr}`);
  return Number(sender.stdout.trim().split('\n').at(-1));
}

/**
 * Records what reaches a device behind its XDP program: packet sockets, and so tcpdump, see a frame only after XDP let
 * it pass. Markers sent through the same link tell when everything before them has arrived or was dropped, so nobody
 * has to wait for a time.
 */
export class Sniffer {
  readonly #at: Namespace;
  readonly #device: string;
  readonly #tcpdump: Background;
  #markers = 0;

  private constructor(at: Namespace, device: string) {
    this.#at = at;
    this.#device = device;
    this.#tcpdump = at.start(
      ['tcpdump', '-i', device, '-Q', 'in', '-n', '-U', '--immediate-mode', '-s', '0', '-B', '32768', '-w', '-'],
      {},
    );
  }

  static async open(at: Namespace, device: string): Promise<Sniffer> {
    const sniffer = new Sniffer(at, device);
    await until('tcpdump', () => {
      if (sniffer.#tcpdump.status !== undefined) throw new Error(`tcpdump: ${sniffer.#tcpdump.stderr}`);
      return sniffer.#tcpdump.stderr.includes('listening on') && sniffer.#tcpdump.output.length >= 24;
    });
    return sniffer;
  }

  /** All frames so far, markers left out. */
  frames(): SeenFrame[] {
    return readPcap(this.#tcpdump.output)
      .map(readFrame)
      .filter((frame) => frame.ethertype !== MARKER_ETHERTYPE);
  }

  /** Waits until all that `from` sent through `device` before this call has arrived or was dropped. */
  async settle(from: Namespace, device: string): Promise<SeenFrame[]> {
    const marker = Buffer.alloc(60);
    marker.fill(0xff, 0, 6);
    marker.set([2, 0, 0, 0, 0xee, 0xee], 6);
    marker.writeUInt16BE(MARKER_ETHERTYPE, 12);
    this.#markers += 1;
    marker.writeUInt32BE(this.#markers, 14);
    await until(`marker ${this.#markers} on ${this.#device} in ${this.#at.name}`, async () => {
      await finishSending(await startSending(from, device, [marker]));
      return until('it', () => this.#saw(marker), 1000).catch(() => false);
    });
    return this.frames();
  }

  #saw(marker: Buffer): boolean {
    return readPcap(this.#tcpdump.output).some((frame) => frame.subarray(0, 18).equals(marker.subarray(0, 18)));
  }

  /** @throws Error when the capture itself lost packets */
  async close(): Promise<void> {
    await this.#tcpdump.stop('SIGTERM');
    const lost = /(\d+) packets? dropped by kernel/.exec(this.#tcpdump.stderr)?.[1];
    if (lost !== undefined && lost !== '0') throw new Error(`tcpdump lost ${lost} packets; send more slowly`);
  }
}
