import http, { type ClientRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { toChangeHeaders } from '../model/change-headers.ts';
import { type ErrorBody, NetxfwError } from '../model/errors.ts';
import type { Trust } from './remote-tls.ts';
import type { Body, Call, Headers, Query, Transport } from './transport.ts';

export type RemoteTarget =
  /** Path of the daemon's socket, and who makes changes that do not say so. */
  | { readonly socket: string; readonly timeout?: number; readonly origin?: string }
  /** Address of the API, for example http://127.0.0.1:11818 or https://fw.example.org:11818, and a token for it. */
  | (Trust & { readonly url: string; readonly token?: string; readonly timeout?: number });

/** A connection on which nothing comes back for this time, milliseconds, counts as dead. */
const DEFAULT_TIMEOUT = 120_000;
/** An answer that is read whole may be this large, bytes. */
const MAX_ANSWER = 512 * 1024 * 1024;

/** HTTP to one daemon. Light on purpose: it is on the path of every command. */
export class HttpClient implements Transport {
  /** Encryption is loaded only where it is used: most commands talk to a socket. */
  readonly #agent: Promise<http.Agent> | http.Agent;
  readonly #options: RequestOptions;
  readonly #base: string;
  readonly #where: string;
  readonly #timeout: number;

  /** @throws NetxfwError INVALID_INPUT for a URL that is none */
  constructor(target: RemoteTarget) {
    this.#timeout = target.timeout ?? DEFAULT_TIMEOUT;
    if ('socket' in target) {
      this.#where = target.socket;
      this.#base = '';
      this.#agent = new http.Agent({ keepAlive: true });
      const { origin } = target;
      const who = toChangeHeaders(origin === undefined ? {} : { origin });
      this.#options = { socketPath: target.socket, headers: { host: 'localhost', ...who } };
      return;
    }
    const url = parseUrl(target.url);
    this.#where = url.origin;
    this.#base = url.pathname.replace(/\/+$/, '');
    const headers = target.token === undefined ? {} : { authorization: `Bearer ${target.token}` };
    const encrypted = url.protocol === 'https:';
    this.#agent = encrypted
      ? import('./remote-tls.ts').then(({ tlsAgent }) => tlsAgent(target))
      : new http.Agent({ keepAlive: true });
    const port = url.port || (encrypted ? 443 : 80);
    this.#options = { protocol: url.protocol, host: url.hostname.replace(/^\[|\]$/g, ''), port, headers };
  }

  /** Sends a JSON body and reads a JSON answer. */
  async json<T>(method: string, path: string, query?: Query, body?: unknown, headers: Headers = {}): Promise<T> {
    const call: Call = { method, path, headers, ...(query ? { query } : {}) };
    const response = await this.send(
      body === undefined
        ? call
        : {
            ...call,
            body: Buffer.from(JSON.stringify(body)),
            headers: { ...headers, 'content-type': 'application/json' },
          },
    );
    return parseJson<T>(await readText(response, this.#where), this.#where);
  }

  /**
   * Sends a request and waits for the head of an answer that is no error; reading its body is the caller's duty.
   * @throws NetxfwError what the other side answered; DAEMON_UNREACHABLE
   */
  async send(call: Call): Promise<IncomingMessage> {
    const response = await this.#attempt(call);
    const status = response.statusCode ?? 0;
    if (status >= 200 && status < 300) return response;
    throw errorFrom(await readText(response, this.#where), status, this.#where);
  }

  async open(call: Call): Promise<AsyncIterable<Uint8Array>> {
    const response = await this.send(call);
    return readChunks(response, this.#where);
  }

  close(): void {
    void Promise.resolve(this.#agent).then((agent) => agent.destroy());
  }

  async #attempt(call: Call): Promise<IncomingMessage> {
    for (let attempt = 1; ; attempt++) {
      const request = this.#open(call, await this.#agent);
      try {
        return await answered(request, call.body);
      } catch (error) {
        if (attempt === 3 || !request.reusedSocket || !harmless(call, error)) throw this.#unreachable(error);
      }
    }
  }

  #open(call: Call, agent: http.Agent): ClientRequest {
    const headers: Record<string, string> = { accept: 'application/json', ...call.headers };
    if (call.body instanceof Uint8Array) headers['content-length'] = String(call.body.length);
    const request = http.request({
      ...this.#options,
      agent,
      method: call.method,
      path: this.#base + call.path + queryText(call.query),
      headers: { ...(this.#options.headers as Record<string, string>), ...headers },
      timeout: this.#timeout,
      ...(call.signal === undefined ? {} : { signal: call.signal }),
    });
    request.on('timeout', () => {
      request.destroy(new NetxfwError('DAEMON_UNREACHABLE', `${this.#where} does not answer`));
    });
    return request;
  }

  #unreachable(error: unknown): NetxfwError {
    if (error instanceof NetxfwError) return error;
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'EACCES' || code === 'EPERM') {
      return new NetxfwError('NOT_ROOT', `no permission to use ${this.#where}`, { cause: error });
    }
    const why: Record<string, string> = {
      ENOENT: `there is no netxfw daemon at ${this.#where}`,
      ECONNREFUSED: `no netxfw daemon answers at ${this.#where}`,
      ECONNRESET: `${this.#where} closed the connection without an answer`,
      EPIPE: `${this.#where} closed the connection without an answer`,
    };
    return new NetxfwError('DAEMON_UNREACHABLE', why[code ?? ''] ?? `${this.#where}: ${message}`, { cause: error });
  }
}

/**
 * The other side closed a kept connection just as we used it: may the call be repeated? EPIPE says that it did not get
 * the whole of it; after ECONNRESET nobody knows, so only what changes nothing is repeated.
 */
function harmless({ method, body }: Call, error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  const repeatable = body === undefined || body instanceof Uint8Array;
  return repeatable && (code === 'EPIPE' || (code === 'ECONNRESET' && method === 'GET'));
}

/** Sends the body and waits for the head of the answer, whichever comes first: a refusal may come before the end. */
function answered(request: ClientRequest, body: Body | undefined): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    let response: IncomingMessage | undefined;
    request.once('response', (head) => {
      response = head;
      resolve(head);
    });
    // Later errors of the same connection belong to the reader of the answer.
    request.on('error', (error) => (response === undefined ? reject(error) : response.destroy(error)));
    if (body === undefined || body instanceof Uint8Array) {
      request.end(body);
      return;
    }
    pump(body, request).catch((thrown: unknown) => {
      const error = unreadable(thrown);
      if (response === undefined) reject(error);
      else response.destroy(error);
      request.destroy();
    });
  });
}

/** The caller's own data failed, not the connection. */
function unreadable(thrown: unknown): NetxfwError {
  if (thrown instanceof NetxfwError) return thrown;
  const why = thrown instanceof Error ? thrown.message : String(thrown);
  return new NetxfwError('FILE_UNREADABLE', `the data to send cannot be read: ${why}`, { cause: thrown });
}

async function pump(body: AsyncIterable<Uint8Array>, request: ClientRequest): Promise<void> {
  for await (const chunk of body) {
    if (request.destroyed) return;
    if (!request.write(chunk)) await drained(request);
  }
  request.end();
}

function drained(request: ClientRequest): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      request.off('drain', done).off('close', done);
      resolve();
    };
    request.on('drain', done).on('close', done);
  });
}

/** The body as chunks. @throws NetxfwError DAEMON_UNREACHABLE when it ends early */
async function* readChunks(response: IncomingMessage, where: string): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of response) yield chunk as Uint8Array;
  } catch (error) {
    if (error instanceof NetxfwError) throw error;
    throw new NetxfwError('DAEMON_UNREACHABLE', `${where} closed the connection in the middle of its answer`, {
      cause: error,
    });
  }
}

async function readText(response: IncomingMessage, where: string): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of readChunks(response, where)) {
    size += chunk.length;
    if (size > MAX_ANSWER) throw notOurs(where);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parseJson<T>(text: string, where: string): T {
  try {
    return JSON.parse(text) as T;
  } catch {
    throw notOurs(where);
  }
}

function errorFrom(text: string, status: number, where: string): NetxfwError {
  const body = parseJson<Partial<ErrorBody> | null>(text, where);
  if (typeof body?.code !== 'string' || typeof body.message !== 'string') {
    return new NetxfwError('DAEMON_UNREACHABLE', `${where} answered with HTTP status ${status}: not a netxfw daemon`);
  }
  return NetxfwError.fromBody(body as ErrorBody);
}

function notOurs(where: string): NetxfwError {
  return new NetxfwError('DAEMON_UNREACHABLE', `what answers at ${where} is not a netxfw daemon`);
}

function queryText(query: Query = {}): string {
  const text = Object.entries(query)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `${key}=${encodeURIComponent(String(value))}`)
    .join('&');
  return text === '' ? '' : `?${text}`;
}

function parseUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !['http:', 'https:'].includes(url.protocol)) {
    throw new NetxfwError('INVALID_INPUT', `"${text}" is not the address of an API`, {
      hint: 'Give one such as http://127.0.0.1:11818.',
    });
  }
  return url;
}
