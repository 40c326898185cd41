import { afterAll, beforeAll, expect, it } from 'vitest';
import { BAD4, FW4, GOOD4, PEER_DEVICE } from '../support/lab.ts';
import { eth, ipv4, packet, udp } from '../support/packet.ts';
import { until } from '../support/process.ts';
import { finishSending, startSending } from '../support/sniffer.ts';
import { sourcesThatPass } from '../support/traffic.ts';
import { WebLab } from './support/web-lab.ts';

const CLOSED = 9999;

let web: WebLab;

beforeAll(async () => {
  const rule = { ip: '0.0.0.0/0', port: CLOSED, protocol: 'udp', action: 'deny', reason: '' };
  web = await WebLab.open({ config: { port: { ip_port_rules: [rule] } } });
});
afterAll(() => web.close());

it('blocking an address on the overview stops its packets, and undoing it lets them pass', async () => {
  const { page, complaints } = await web.visit();
  expect(await sourcesThatPass(web.lab, [GOOD4, BAD4])).toEqual([GOOD4, BAD4]);
  await page.getByLabel('Block a source').fill(BAD4);
  await page.getByLabel('Block a source').press('Enter');
  // A notice goes after some seconds, but not from under the pointer.
  await page.getByText(`${BAD4} is blocked (1d).`).hover();
  expect(await sourcesThatPass(web.lab, [GOOD4, BAD4])).toEqual([GOOD4]);
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByText(`${BAD4} is not blocked any more.`).waitFor();
  expect(await sourcesThatPass(web.lab, [GOOD4, BAD4])).toEqual([GOOD4, BAD4]);
  expect(complaints).toEqual([]);
});

it('one click on a top source blocks it', async () => {
  const { page, complaints } = await web.visit();
  const frame = packet(eth(), ipv4({ src: BAD4, dst: FW4 }), udp({ dport: CLOSED }));
  const sender = await startSending(web.lab.peer, PEER_DEVICE, [frame], { rate: 200, rounds: 0 });
  await page.getByRole('button', { name: `Block ${BAD4} for 1 day` }).click();
  await page.getByText(`${BAD4} is blocked (1d).`).waitFor();
  await finishSending(sender, { stop: true });
  expect(await sourcesThatPass(web.lab, [GOOD4, BAD4])).toEqual([GOOD4]);
  const rule = (await web.nx.rules()).find(({ prefix }) => prefix === BAD4)!;
  expect(rule).toMatchObject({ list: 'deny', reason: 'blocked in the web UI' });
  expect(complaints).toEqual([]);
});

it('an attack shows in the headline within seconds', async () => {
  const { page } = await web.visit();
  const frame = packet(eth(), ipv4({ src: BAD4, dst: FW4 }), udp({ dport: 53 }));
  const sender = await startSending(web.lab.peer, PEER_DEVICE, [frame], { rate: 1000, rounds: 0 });
  const headline = page.getByTestId('headline');
  await until('the headline', async () => /Dropping .* mostly: Denied host/.test((await headline.textContent()) ?? ''));
  await finishSending(sender, { stop: true });
  await until('calm', async () => /Quiet/.test((await headline.textContent()) ?? ''));
});
