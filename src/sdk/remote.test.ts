import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Fakes, fakeNetxfw } from '../../test/support/fake-netxfw.ts';
import { type App, type AppOptions, buildApp } from '../api/app.ts';
import { NetxfwError } from '../model/errors.ts';
import type { ImportResult } from '../model/rules.ts';
import { createRemote } from './remote.ts';

const TOKEN = { name: 't', role: 'admin', createdAt: '2026-01-01T00:00:00.000Z' } as const;

let directory: string;
let socket: string;
const opened: (() => unknown)[] = [];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'nxt-remote-'));
  socket = join(directory, 'api.sock');
});

afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close();
  rmSync(directory, { recursive: true, force: true });
});

async function serve(fakes: Fakes, options: AppOptions = {}): Promise<App> {
  const app = buildApp(fakeNetxfw(fakes), { checkAnswers: true, ...options });
  opened.push(() => app.close());
  await app.listen({ path: socket });
  return app;
}

/** A server that answers every connection with the same bytes. */
async function serveBytes(bytes: string, end = true): Promise<Server> {
  const server = createServer((connection) => {
    connection.on('error', () => {});
    connection.once('data', () => (end ? connection.end(bytes) : connection.write(bytes)));
    opened.push(() => connection.destroy());
  });
  opened.push(() => server.close());
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  return server;
}

function remote(timeout?: number) {
  const sdk = createRemote(timeout === undefined ? { socket } : { socket, timeout });
  opened.push(() => sdk.close());
  return sdk;
}

const RESULT: ImportResult = {
  list: 'deny',
  read: 1,
  added: 1,
  replaced: 0,
  unchanged: 0,
  duplicates: 0,
  invalid: 0,
  invalidLines: [],
  notices: [],
};

describe('errors', () => {
  it('are those of the other side', async () => {
    const error = new NetxfwError('MAP_FULL', 'lock_hosts is full', { hint: 'raise it', details: { refused: 3 } });
    await serve({ rules: { add: () => Promise.reject(error) } });
    const thrown = await remote()
      .rules.add({ list: 'deny', prefix: '192.0.2.1' })
      .catch((caught: unknown) => caught);
    expect(thrown).toBeInstanceOf(NetxfwError);
    expect((thrown as NetxfwError).toBody()).toEqual(error.toBody());
  });

  it('say that there is no daemon', async () => {
    await expect(remote().rules.counts()).rejects.toMatchObject({
      code: 'DAEMON_UNREACHABLE',
      message: `there is no netxfw daemon at ${socket}`,
    });
  });

  it('say that nobody listens on a file that is no socket', async () => {
    writeFileSync(socket, '');
    await expect(remote().rules.counts()).rejects.toMatchObject({
      code: 'DAEMON_UNREACHABLE',
      message: `no netxfw daemon answers at ${socket}`,
    });
  });

  it.each([
    ['another server', 'HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\n<html>', 'not a netxfw daemon'],
    ['another server refusing', 'HTTP/1.1 403 No\r\ncontent-length: 2\r\n\r\n{}', 'not a netxfw daemon'],
    ['an unknown error code', 'HTTP/1.1 500 No\r\n\r\n{"code":"NEW","message":"m","hint":"h"}', 'm'],
    ['no HTTP', 'SSH-2.0-OpenSSH\r\n', ''],
    ['silence', '', 'closed the connection without an answer'],
    ['half an answer', 'HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{"allow"', 'in the middle of its answer'],
  ])('are clear for %s', async (_name, bytes, message) => {
    await serveBytes(bytes);
    const error = await remote()
      .rules.counts()
      .catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(NetxfwError);
    expect((error as NetxfwError).message).toContain(message);
  });

  it('end the wait for a daemon that hangs', async () => {
    await serveBytes('HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{', false);
    await expect(remote(100).rules.counts()).rejects.toMatchObject({ code: 'DAEMON_UNREACHABLE' });
  });

  it.each(['localhost:11818', 'ftp://localhost', ''])('refuse the address "%s"', (url) => {
    expect(() => createRemote({ url })).toThrow(NetxfwError);
  });
});

describe('connections', () => {
  it('are kept and reused', async () => {
    const app = await serve({ rules: { counts: async () => ({ allow: 0, deny: 0 }) } });
    let connections = 0;
    app.server.on('connection', () => connections++);
    const sdk = remote();
    for (let i = 0; i < 5; i++) await sdk.rules.counts();
    expect(connections).toBe(1);
  });

  it('survive a restart of the daemon between two calls', async () => {
    const counts = async () => ({ allow: 0, deny: 0 });
    const app = await serve({ rules: { counts } });
    const sdk = remote();
    await sdk.rules.counts();
    await app.close();
    await serve({ rules: { counts } });
    expect(await sdk.rules.counts()).toEqual({ allow: 0, deny: 0 });
  });

  it('carry a token to a URL, below a path', async () => {
    const app = buildApp(fakeNetxfw({ rules: { counts: async () => ({ allow: 1, deny: 2 }) } }), {
      access: { verify: (secret) => (secret === 't' ? TOKEN : null), has: () => true },
    });
    opened.push(() => app.close());
    const url = await app.listen({ host: '127.0.0.1', port: 0 });
    const sdk = createRemote({ url: `${url}/`, token: 't' });
    opened.push(() => sdk.close());
    expect(await sdk.rules.counts()).toEqual({ allow: 1, deny: 2 });
    const stranger = createRemote({ url });
    opened.push(() => stranger.close());
    await expect(stranger.rules.counts()).rejects.toMatchObject({ code: 'UNAUTHORIZED' });
  });
});

describe('import', () => {
  async function* endless(): AsyncGenerator<Uint8Array> {
    for (;;) yield Buffer.alloc(65536, '#');
  }

  it('passes progress on while the upload runs', async () => {
    const progress = { done: 1, total: 2, phase: 'read' } as const;
    let go = (_: unknown) => {};
    const gate = new Promise((resolve) => {
      go = resolve;
    });
    await serve({
      rules: {
        import: async ({ data, onProgress }) => {
          const chunks = (data as AsyncIterable<Uint8Array>)[Symbol.asyncIterator]();
          await chunks.next();
          onProgress?.(progress);
          await chunks.next();
          return RESULT;
        },
      },
    });
    async function* data() {
      yield Buffer.from('192.0.2.1\n');
      await gate;
      yield Buffer.from('192.0.2.2\n');
    }
    expect(await remote().rules.import({ list: 'deny', data: data(), onProgress: go })).toEqual(RESULT);
    expect(await gate).toEqual(progress);
  });

  it('hears a refusal before the upload has ended', async () => {
    const refusal = new NetxfwError('MAP_FULL', 'full');
    await serve({
      rules: {
        import: async ({ data }) => {
          for await (const _ of data as AsyncIterable<Uint8Array>) throw refusal;
          return RESULT;
        },
      },
    });
    await expect(remote().rules.import({ list: 'deny', data: endless() })).rejects.toMatchObject({ code: 'MAP_FULL' });
  });

  it.each(['a stream', 'bytes'])('is refused when it is too large: %s', async (kind) => {
    await serve(
      {
        rules: {
          import: async ({ data }) => {
            for await (const _ of data as AsyncIterable<Uint8Array>);
            return RESULT;
          },
        },
      },
      { limits: { import: 1_000_000 } },
    );
    const data = kind === 'bytes' ? Buffer.alloc(1_000_001) : endless();
    await expect(remote().rules.import({ list: 'deny', data })).rejects.toMatchObject({ code: 'PAYLOAD_TOO_LARGE' });
  });

  it('that breaks off does not look like a short file', async () => {
    let arrived = () => {};
    const begun = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    let seen: unknown;
    await serve({
      rules: {
        import: async ({ data }) => {
          try {
            for await (const _ of data as AsyncIterable<Uint8Array>) arrived();
          } catch (error) {
            seen = error;
          }
          return RESULT;
        },
      },
    });
    async function* data() {
      yield Buffer.from('192.0.2.1\n');
      await begun;
      throw new Error('gone');
    }
    const call = remote().rules.import({ list: 'deny', data: data() });
    await expect(call).rejects.toMatchObject({ code: 'FILE_UNREADABLE', message: expect.stringContaining('gone') });
    await vi.waitFor(() => expect(seen).toMatchObject({ code: 'INVALID_INPUT' }), { timeout: 10_000 });
  });
});

describe('export', () => {
  it('reports a failure before the first byte as what it is', async () => {
    await serve({
      rules: {
        // biome-ignore lint/correctness/useYield: it fails before it can
        export: async function* () {
          throw new NetxfwError('NOT_LOADED', 'not loaded');
        },
      },
    });
    const read = async () => {
      for await (const _ of remote().rules.export());
    };
    await expect(read()).rejects.toMatchObject({ code: 'NOT_LOADED' });
  });

  it('that breaks off does not look like a short list', async () => {
    await serve({
      rules: {
        export: async function* () {
          yield Buffer.alloc(200_000, '#');
          throw new Error('lost');
        },
      },
    });
    const read = async () => {
      for await (const _ of remote().rules.export());
    };
    await expect(read()).rejects.toMatchObject({ code: 'DAEMON_UNREACHABLE' });
  });
});
