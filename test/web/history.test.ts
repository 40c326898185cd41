import { afterAll, beforeAll, expect, it } from 'vitest';
import { BAD4, FW4, PEER_DEVICE } from '../support/lab.ts';
import { eth, ipv4, packet, udp } from '../support/packet.ts';
import { until } from '../support/process.ts';
import { finishSending, startSending } from '../support/sniffer.ts';
import type { Visitor } from './support/visitor.ts';
import { WebLab } from './support/web-lab.ts';

const CLOSED = 9999;
const OTHER4 = '192.0.2.99';

let web: WebLab;
let visitor: Visitor;

beforeAll(async () => {
  const rule = { ip: '0.0.0.0/0', port: CLOSED, protocol: 'udp', action: 'deny', reason: '' };
  web = await WebLab.open({ config: { port: { ip_port_rules: [rule] } } });
  await web.nx.ok(['deny', BAD4]);
});
afterAll(() => web.close());

/** Sends some packets that are dropped, and waits until the daemon has counted them and seen the calm after them. */
async function burst(src: string, dport: number, reason: string): Promise<void> {
  const frame = packet(eth(), ipv4({ src, dst: FW4 }), udp({ dport }));
  const counted = async () => (await web.nx.stats()).reasons.find((one) => one.reason === reason)?.packets ?? 0;
  const before = await counted();
  const sender = await startSending(web.lab.peer, PEER_DEVICE, [frame], { rate: 100, rounds: 0 });
  await until('the packets to be dropped', async () => (await counted()) > before + 50);
  await finishSending(sender, { stop: true });
}

const legend = (text: string) => visitor.page.getByTestId('legend').getByText(text);

it('the chart shows what was before the page was opened', async () => {
  await burst(BAD4, 53, 'DROP_DENIED_HOST');
  visitor = await web.visit();
  await legend('Denied host').waitFor();
  expect(visitor.complaints).toEqual([]);
});

it('no hole stays after an interruption', async () => {
  const { page } = visitor;
  expect(await legend('IP+port rule: deny').count()).toBe(0);
  await page.context().setOffline(true);
  await page.getByText('No connection to the daemon').waitFor();
  await burst(OTHER4, CLOSED, 'DROP_RULE');
  // What the page missed comes as steps of their own, not as one.
  const missed = page.waitForResponse(
    async (response) => /stats\/history/.test(response.url()) && (await response.json()).at.length >= 2,
  );
  await page.context().setOffline(false);
  await missed;
  await page.getByText('No connection to the daemon').waitFor({ state: 'hidden' });
  await legend('IP+port rule: deny').waitFor();
  await legend('Denied host').waitFor();
});
