import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { fakeNetxfw } from '../../test/support/fake-netxfw.ts';
import { buildApp } from '../api/app.ts';
import { type Config, defaultConfig } from '../model/config.ts';
import type { ListenerName } from '../model/status.ts';
import { createRemote } from '../sdk/remote.ts';
import { Listeners } from './listeners.ts';

type Sections = Pick<Config, 'api' | 'web' | 'metrics'>;
type Wanted = { readonly [N in keyof Sections]?: Partial<Sections[N]> };

let directory: string;
let listeners: Listeners;
let tokens: number;
const others: Server[] = [];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'nxt-listen-'));
  tokens = 0;
  const netxfw = fakeNetxfw({ system: { version: async () => '1.2.3' } });
  listeners = new Listeners({
    build: ({ certificate }) => buildApp(netxfw, certificate === null ? {} : { tls: certificate }),
    tokens: () => tokens,
    log: pino({ level: 'silent' }),
    retry: 50,
  });
});

afterEach(async () => {
  await listeners.close();
  for (const server of others.splice(0)) server.close();
  rmSync(directory, { recursive: true, force: true });
});

function config({ api, web, metrics }: Wanted = {}): Sections {
  const standard = defaultConfig();
  return {
    api: { ...standard.api, port: 0, ...api },
    web: { ...standard.web, port: 0, ...web },
    metrics: { ...standard.metrics, port: 0, ...metrics },
  };
}

const stateOf = (name: ListenerName) => listeners.list().find((listener) => listener.name === name);
const versionAt = async (url: string, ca?: string) => {
  await using remote = createRemote({ url, ...(ca === undefined ? {} : { ca }) });
  return await remote.system.version();
};

/** Another program on a port. */
function occupy(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port));
    others.push(server);
  });
}

const pem = (file: string) => readFileSync(file, 'utf8');

function certify(name: string) {
  const at = (part: string) => join(directory, `${name}.${part}`);
  const request = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  const subject = ['-subj', `/CN=${name}`, '-addext', 'subjectAltName=IP:127.0.0.1,DNS:fw.example.org'];
  execFileSync('openssl', [...request, ...subject, '-keyout', at('key'), '-out', at('pem')], { stdio: 'pipe' });
  return { cert: at('pem'), key: at('key') };
}

describe('listeners', () => {
  it('listen where the configuration says, and say where', async () => {
    await listeners.follow(config());
    expect(listeners.list().map(({ name, problem }) => [name, problem])).toEqual([
      ['api', null],
      ['web', null],
      ['metrics', null],
    ]);
    for (const { address } of listeners.list()) expect(await versionAt(address)).toBe('1.2.3');
  });

  it('are none where they are switched off', async () => {
    await listeners.follow(config({ web: { enabled: false }, metrics: { enabled: false } }));
    expect(listeners.list().map(({ name }) => name)).toEqual(['api']);
  });

  it('that need no change are not touched when the configuration changes', async () => {
    await listeners.follow(config());
    const before = stateOf('api')!.address;
    await listeners.follow(config({ web: { enabled: false } }));
    expect(stateOf('api')!.address).toBe(before);
    expect(await versionAt(before)).toBe('1.2.3');
    expect(stateOf('web')).toBeUndefined();
  });

  it('change places', async () => {
    await listeners.follow(config());
    const port = (name: ListenerName) => Number(new URL(stateOf(name)!.address).port);
    const [api, web] = [port('api'), port('web')];
    await listeners.follow(config({ api: { port: web }, web: { port: api } }));
    expect([port('api'), port('web')]).toEqual([web, api]);
    expect(stateOf('api')!.problem).toBeNull();
  });

  it('answer a request that runs before they go', async () => {
    let release = (_: string) => {};
    const gate = new Promise<string>((resolve) => {
      release = resolve;
    });
    const version = vi.fn(() => gate);
    const slow = fakeNetxfw({ system: { version } });
    const own = new Listeners({ build: () => buildApp(slow), tokens: () => 0, log: pino({ level: 'silent' }) });
    await own.follow(config());
    const answer = versionAt(own.list()[0]!.address);
    await vi.waitFor(() => expect(version).toHaveBeenCalled(), { timeout: 10_000 });
    await own.follow(config({ api: { listen: '127.0.0.2' } }));
    release('late');
    expect(await answer).toBe('late');
    await own.close();
  });

  it('name the key to change when a port is taken, and leave the others alone', async () => {
    const port = await occupy();
    await listeners.follow(config({ metrics: { port } }));
    expect(stateOf('metrics')).toEqual({
      name: 'metrics',
      address: `http://127.0.0.1:${port}`,
      problem: expect.stringMatching(`another program uses 127.0.0.1:${port}.*metrics.port`),
    });
    expect(await versionAt(stateOf('api')!.address)).toBe('1.2.3');
  });

  it('take a port as soon as it is free', async () => {
    const port = await occupy();
    await listeners.follow(config({ api: { port } }));
    expect(stateOf('api')!.problem).not.toBeNull();
    others.pop()!.close();
    await vi.waitFor(() => expect(stateOf('api')!.problem).toBeNull(), { timeout: 10_000 });
    expect(await versionAt(stateOf('api')!.address)).toBe('1.2.3');
  });

  it('name an address that this host does not have', async () => {
    await listeners.follow(config({ web: { listen: '192.0.2.77' }, api: { insecure: true } }));
    expect(stateOf('web')!.problem).toMatch(/no address 192\.0\.2\.77.*web\.listen/);
  });
});

describe('beyond this host', () => {
  const exposed = (more: Partial<Config['api']> = {}) => config({ api: { listen: '0.0.0.0', ...more } });

  it('nothing is served without a token and a certificate', async () => {
    await listeners.follow(exposed());
    expect(stateOf('api')!.problem).toMatch(/api\.tls.*netxfw token create/);
    expect(stateOf('web')!.problem).toBeNull();
  });

  it('a certificate alone is not enough, until there is a token', async () => {
    const tls = certify('a');
    await listeners.follow(exposed({ tls }));
    expect(stateOf('api')!.problem).toMatch(/^(?!.*api\.tls).*netxfw token create/);
    tokens = 1;
    await listeners.refresh();
    expect(stateOf('api')!.problem).toBeNull();
    tokens = 0;
    await listeners.refresh();
    expect(stateOf('api')!.problem).not.toBeNull();
  });

  it.each(['web', 'metrics'] as const)('%s asks for the same', async (name) => {
    await listeners.follow(config({ [name]: { listen: '::' } }));
    expect(stateOf(name)!.problem).toContain(`${name}.listen`);
  });

  it('insecure: true is taken at its word', async () => {
    await listeners.follow(exposed({ insecure: true }));
    expect(stateOf('api')).toMatchObject({ address: expect.stringContaining('http://0.0.0.0:'), problem: null });
  });
});

describe('with a certificate', () => {
  it('everything is encrypted, and a new certificate is taken over without a gap', async () => {
    const [first, second] = [certify('first'), certify('second')];
    await listeners.follow(config({ api: { tls: first } }));
    const { address } = stateOf('api')!;
    expect(address).toMatch(/^https:/);
    expect(stateOf('web')!.address).toMatch(/^https:/);
    expect(await versionAt(address, pem(first.cert))).toBe('1.2.3');
    await expect(versionAt(address)).rejects.toMatchObject({ code: 'DAEMON_UNREACHABLE' });
    await listeners.follow(config({ api: { tls: second } }));
    expect(stateOf('api')!.address).toBe(address);
    expect(await versionAt(address, pem(second.cert))).toBe('1.2.3');
    await expect(versionAt(address, pem(first.cert))).rejects.toMatchObject({ code: 'DAEMON_UNREACHABLE' });
  });

  it('a client may insist on that very one', async () => {
    const [own, other] = [certify('own'), certify('other')];
    await listeners.follow(config({ api: { tls: own } }));
    const url = stateOf('api')!.address;
    const versionBy = async ({ cert }: { cert: string }) => {
      await using remote = createRemote({ url, fingerprint: new X509Certificate(pem(cert)).fingerprint256 });
      return [await remote.system.version(), await remote.system.version()];
    };
    expect(await versionBy(own)).toEqual(['1.2.3', '1.2.3']);
    await expect(versionBy(other)).rejects.toMatchObject({
      code: 'DAEMON_UNREACHABLE',
      message: expect.stringContaining('fingerprint'),
    });
  });

  it('that is replaced while it is read, the one before is served until the new pair fits', async () => {
    const [own, next] = [certify('own'), certify('next')];
    const before = pem(own.cert);
    await listeners.follow(config({ api: { tls: own } }));
    const { address } = stateOf('api')!;
    writeFileSync(own.cert, pem(next.cert).slice(0, 300));
    await listeners.refresh();
    expect(listeners.notices()).toEqual([expect.stringContaining(own.cert)]);
    writeFileSync(own.cert, pem(next.cert));
    await listeners.refresh();
    expect(stateOf('api')).toEqual({ name: 'api', address, problem: null });
    expect(await versionAt(address, before)).toBe('1.2.3');
    writeFileSync(own.key, readFileSync(next.key));
    await vi.waitFor(() => expect(listeners.notices()).toEqual([]));
    expect(await versionAt(address, pem(next.cert))).toBe('1.2.3');
  });

  it('that cannot be used nothing listens, and it is named', async () => {
    const tls = certify('a');
    writeFileSync(tls.key, 'no key');
    await listeners.follow(config({ api: { tls } }));
    expect(stateOf('api')!.problem).toContain(tls.key);
    await listeners.follow(config({ api: { tls: { cert: '/nowhere.pem', key: tls.key } } }));
    expect(stateOf('web')!.problem).toMatch(/api\.tls\.cert.*\/nowhere\.pem/);
  });
});
