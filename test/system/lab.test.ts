import { afterAll, expect, it } from 'vitest';
import { BAD4, FW_DEVICE, FW_MAC, FW4, FW6, GOOD4, GOOD6, Lab, PEER_DEVICE, PEER_MAC } from '../support/lab.ts';
import { finishSending, Sniffer, startSending } from '../support/sniffer.ts';

const lab = Lab.create();
afterAll(() => lab.dispose());

it('carries IPv4 and IPv6 packets between its two sides', async () => {
  for (const [from, to] of [
    [GOOD4, FW4],
    [BAD4, FW4],
    [GOOD6, FW6],
  ] as const) {
    const ping = await lab.peer.run(['ping', '-n', '-c', '1', '-W', '5', '-I', from, to]);
    expect(ping, `${from} -> ${to}`).toMatchObject({ status: 0 });
  }
});

it('captures exactly what was sent, in its order', async () => {
  const sniffer = await Sniffer.open(lab.fw, FW_DEVICE);
  const mac = (text: string): number[] => text.split(':').map((part) => Number.parseInt(part, 16));
  const frames = Array.from({ length: 50 }, (_, i) => {
    const frame = Buffer.alloc(60, i);
    frame.set([...mac(FW_MAC), ...mac(PEER_MAC), 0x88, 0xb6], 0);
    return frame;
  });
  const sent = await finishSending(await startSending(lab.peer, PEER_DEVICE, frames, { rounds: 4 }));
  const seen = (await sniffer.settle(lab.peer, PEER_DEVICE)).filter((frame) => frame.ethertype === 0x88b6);
  expect(sent).toBe(200);
  expect(seen.map((frame) => frame.bytes[20])).toEqual(Array.from({ length: 200 }, (_, i) => i % 50));
  await sniffer.close();
});
