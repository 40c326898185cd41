import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { BAD4, FW4, PEER_DEVICE } from '../support/lab.ts';
import { eth, ipv4, packet, tcp } from '../support/packet.ts';
import type { Background } from '../support/process.ts';
import { runSync } from '../support/process.ts';
import { finishSending, startSending } from '../support/sniffer.ts';
import { sourcesThatPass } from '../support/traffic.ts';
import { WebLab } from './support/web-lab.ts';

let web: WebLab;
let sender: Background;

beforeAll(async () => {
  web = await WebLab.open();
  await web.nx.ok(['deny', BAD4, '--reason', 'scanner']);
  const syn = packet(eth(), ipv4({ src: BAD4, dst: FW4 }), tcp({ sport: 4242, dport: 23 }));
  sender = await startSending(web.lab.peer, PEER_DEVICE, [syn], { rate: 50, rounds: 0 });
});
afterAll(async () => {
  await finishSending(sender, { stop: true });
  await web.close();
});

it('a dropped packet appears, is explained, and its entry can be removed from there', async () => {
  const visitor = await web.visit();
  const { page } = visitor;
  await visitor.goto(`/events?source=${BAD4}&port=23`);
  const row = page
    .getByRole('row')
    .filter({ hasText: `${BAD4}:4242` })
    .first();
  await row.waitFor();
  await row.filter({ hasText: /Dropped.*Denied host.*TCP S/ }).waitFor();
  await page.getByRole('button', { name: 'Pause' }).click();
  await page.getByRole('button', { name: 'Go on' }).waitFor();
  await row.getByRole('button', { name: `Explain the packet from ${BAD4}` }).click();
  const explanation = page.getByTestId('explanation');
  await explanation.getByText('This packet is dropped').waitFor();
  await explanation.filter({ hasText: /scanner/ }).waitFor();
  await explanation.filter({ hasText: /Whitelistpassed over.*Blacklistdecided.*Rate limitnot reached/ }).waitFor();
  expect(await visitor.violations()).toEqual([]);
  await visitor.picture('events-explain');
  await explanation.getByRole('button', { name: `Remove the entry ${BAD4}` }).click();
  await page.getByRole('dialog', { name: 'Remove the entry' }).getByRole('button', { name: 'Remove' }).click();
  await explanation.getByText('This packet passes').waitFor();
  expect(await sourcesThatPass(web.lab, [BAD4])).toEqual([BAD4]);
  expect(visitor.complaints).toEqual([]);
});

it('the packets of the table are saved as a capture file that tcpdump reads', async () => {
  await web.nx.ok(['deny', BAD4]);
  const visitor = await web.visit();
  const { page } = visitor;
  await visitor.goto(`/events?source=${BAD4}`);
  await page
    .getByRole('row')
    .filter({ hasText: `${BAD4}:4242` })
    .first()
    .waitFor();
  await page.getByRole('button', { name: 'Pause' }).click();
  await page.getByRole('button', { name: 'Go on' }).waitFor();
  const count = Number(/\d+/.exec((await page.getByRole('button', { name: /pcap/ }).textContent())!)![0]);
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: /pcap/ }).click(),
  ]);
  const file = join(web.nx.directory, 'events.pcap');
  await download.saveAs(file);
  const { stdout } = runSync(['tcpdump', '-nr', file]);
  const lines = stdout.trim().split('\n');
  expect(lines.length).toBe(count);
  for (const line of lines) expect(line).toContain(`IP ${BAD4}.4242 > ${FW4}.23: Flags [S]`);
});
