import { expect } from 'vitest';
import { BAD4, FW_DEVICE, GOOD4, type Lab, PEER_DEVICE } from './lab.ts';
import { until } from './process.ts';
import { finishSending, Sniffer, startSending } from './sniffer.ts';
import { MIXED } from './traffic.ts';

export interface Across {
  /** Packets of BAD4 that came through. */
  readonly denied: number;
  /** Packets of GOOD4 that did not. */
  readonly lost: number;
  /** Packets of both. */
  readonly sent: number;
}

/** Sends a denied and an allowed packet in turn while `work` runs, and counts what came through. */
export async function acrossTraffic(lab: Lab, work: () => Promise<void>): Promise<Across> {
  const lostOnCable = lab.peer.counter(PEER_DEVICE, 'tx_dropped');
  const sniffer = await Sniffer.open(lab.fw, FW_DEVICE);
  const sender = await startSending(lab.peer, PEER_DEVICE, MIXED, { rate: 2000, rounds: 0 });
  const arrived = (source: string): number => sniffer.frames().filter((frame) => frame.source === source).length;
  const more = (): Promise<unknown> => {
    const before = arrived(GOOD4);
    return until('more packets to arrive', () => arrived(GOOD4) > before + 100);
  };
  await more();
  await work();
  await more();
  const sent = await finishSending(sender, { stop: true });
  await sniffer.settle(lab.peer, PEER_DEVICE);
  const result = { denied: arrived(BAD4), lost: Math.floor(sent / 2) - arrived(GOOD4), sent };
  await sniffer.close();
  expect(lab.peer.counter(PEER_DEVICE, 'tx_dropped') - lostOnCable, 'packets lost by the test network').toBe(0);
  return result;
}
