import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { bearer, request } from '../support/http.ts';
import { Instance } from '../support/instance.ts';
import { FW4, Lab } from '../support/lab.ts';
import { mustSync, until } from '../support/process.ts';

const lab = Lab.create();
const cert = join(lab.directory, 'cert.pem');
const key = join(lab.directory, 'key.pem');
const exposed = { listen: FW4 };
const netxfw = new Instance(lab, 'a', {
  config: {
    api: { ...exposed, port: 11818, tls: { cert, key } },
    web: { ...exposed, port: 11811 },
    metrics: { ...exposed, port: 9100 },
  },
});
const API = `https://${FW4}:11818`;
const trusted = ['--cacert', cert];

beforeAll(async () => {
  const request = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  const subject = ['-subj', '/CN=fw', '-addext', `subjectAltName=IP:${FW4}`];
  mustSync(['openssl', ...request, ...subject, '-keyout', key, '-out', cert]);
  await netxfw.start();
});
afterAll(async () => {
  await netxfw.stop();
  lab.dispose();
});

const problems = async () => (await netxfw.status()).listeners.map(({ name, problem }) => [name, problem !== null]);

it('nothing listens beyond this host before there is a token', async () => {
  await until('the listeners to be reported', async () => (await problems()).length === 4);
  expect(await problems()).toEqual([
    ['socket', false],
    ['api', true],
    ['web', true],
    ['metrics', true],
  ]);
  expect((await netxfw.status()).warnings.join()).toContain('netxfw token create');
  expect((await lab.peer.run(['curl', '--silent', ...trusted, API])).status).not.toBe(0);
});

it('the first token opens them, and the last one that goes closes them', async () => {
  const token = (await netxfw.ok(['token', 'create', 'ops', '-q'])).trim();
  await until('the listeners to open', async () => (await problems()).every(([, problem]) => !problem));

  const rule = JSON.stringify({ list: 'deny', prefix: '203.0.113.9', reason: 'from afar' });
  const post = ['--header', 'content-type: application/json', '--data', rule];
  expect(await request(lab.peer, `${API}/api/rules`, [...trusted, ...post])).toMatchObject({ status: 401 });
  expect(await request(lab.peer, `${API}/api/rules`, [...trusted, ...bearer(token), ...post])).toMatchObject({
    status: 200,
  });
  expect(await netxfw.prefixes()).toEqual(['203.0.113.9']);

  // Who, from where, what, and how it ended.
  const lines = netxfw.daemon.stderr.split('\n').filter((line) => line.includes('POST /api/rules'));
  expect(lines).toEqual([
    expect.stringMatching(/who="unknown" via="none" outcome="UNAUTHORIZED" .*from="198\.51\.100\.\d+ port \d+"/),
    expect.stringMatching(/who="ops" via="token" outcome="ok" .*from="198\.51\.100\.\d+ port \d+".*from afar/),
  ]);

  for (const port of [11811, 9100]) {
    const url = `https://${FW4}:${port}${port === 9100 ? '/metrics' : '/api/stats'}`;
    expect((await request(lab.peer, url, trusted)).status).toBe(401);
    expect((await request(lab.peer, url, [...trusted, ...bearer(token)])).status).toBe(200);
  }
  const plain = await lab.peer.run(['curl', '--silent', `http://${FW4}:11818/healthz`]);
  expect(plain.stdout).not.toContain('ok');

  await netxfw.ok(['token', 'remove', 'ops']);
  await until('the listeners to close', async () => (await problems()).filter(([, problem]) => problem).length === 3);
});

it('a reload moves a listener, also when it is asked for through that very listener', async () => {
  const token = (await netxfw.ok(['token', 'create', 'mover', '-q'])).trim();
  await until('the listeners to open', async () => (await problems()).every(([, problem]) => !problem));
  const moved = (port: number) => ({
    api: { listen: '127.0.0.1', port },
    web: { listen: '127.0.0.1', port: 0, enabled: false },
    metrics: { listen: '127.0.0.1', port: 0 },
  });
  const apiAt = async () => (await netxfw.status()).listeners.find(({ name }) => name === 'api')!.address;

  netxfw.configure(moved(12000));
  await netxfw.ok(['reload']);
  await until('the API to be where the file says', async () => (await apiAt()) === 'http://127.0.0.1:12000');
  expect((await netxfw.status()).listeners.map(({ name }) => name)).toEqual(['socket', 'api', 'metrics']);
  expect((await lab.peer.run(['curl', '--silent', '--insecure', API])).status).not.toBe(0);

  netxfw.configure(moved(12001));
  const reload = ['--request', 'POST', '--header', 'content-type: application/json', '--data', '{}'];
  const url = 'http://127.0.0.1:12000/api/config/reload';
  expect(await request(lab.fw, url, [...bearer(token), ...reload])).toMatchObject({ status: 200 });
  await until('the API to have moved', async () => (await apiAt()) === 'http://127.0.0.1:12001');
  expect((await request(lab.fw, 'http://127.0.0.1:12001/healthz')).status).toBe(200);
});
