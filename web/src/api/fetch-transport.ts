import { type ErrorBody, NetxfwError } from '../../../src/model/errors.ts';
import { say } from '../../../src/model/messages.ts';
import type { Call, Headers, Query, Transport } from '../../../src/sdk/transport.ts';

/** What a request tells of the way to the daemon. */
export type Outcome = 'answered' | 'unauthorized' | 'unreachable';

export interface FetchOptions {
  /** Told after every request. */
  readonly onOutcome: (outcome: Outcome) => void;
}

const CSRF_HEADER = 'x-csrf-token';
/** Packets that a filter drops get no answer at all: reading takes moments, a change as long as it needs; milliseconds. */
const PATIENCE = { reading: 8000, changing: 120_000 };

/** The daemon that served this page, over fetch and the session's cookie. */
export class FetchTransport implements Transport {
  /** Goes with every change; the server gives it when a session begins. */
  csrf = '';
  readonly #onOutcome: FetchOptions['onOutcome'];

  constructor({ onOutcome }: FetchOptions) {
    this.#onOutcome = onOutcome;
  }

  async json<T>(method: string, path: string, query?: Query, body?: unknown, headers: Headers = {}): Promise<T> {
    const signal = AbortSignal.timeout(method === 'GET' ? PATIENCE.reading : PATIENCE.changing);
    const call: Call = { method, path, headers, signal, ...(query === undefined ? {} : { query }) };
    const response = await this.#send(
      body === undefined
        ? call
        : {
            ...call,
            body: new TextEncoder().encode(JSON.stringify(body)),
            headers: { ...headers, 'content-type': 'application/json' },
          },
    );
    return (await response.json().catch(() => Promise.reject(notOurs()))) as T;
  }

  async open(call: Call): Promise<AsyncIterable<Uint8Array>> {
    const response = await this.#send(call);
    return chunks(response);
  }

  async #send(call: Call): Promise<Response> {
    const { method, path, query, headers, signal } = call;
    const body = call.body === undefined ? null : await whole(call.body);
    let response: Response;
    try {
      response = await fetch(path + queryText(query), {
        method,
        body,
        headers: { accept: 'application/json', [CSRF_HEADER]: this.csrf, ...headers },
        credentials: 'same-origin',
        cache: 'no-store',
        signal: signal ?? null,
      });
    } catch (error) {
      // Whoever ends a request on purpose has learnt nothing of the daemon.
      if (!signal?.aborted || signal.reason?.name === 'TimeoutError') this.#onOutcome('unreachable');
      throw new NetxfwError('DAEMON_UNREACHABLE', say('refused.silent'), { cause: error });
    }
    if (response.ok) {
      this.#onOutcome('answered');
      return response;
    }
    const error = await errorFrom(response);
    this.#onOutcome(outcomeOf(error));
    throw error;
  }
}

function outcomeOf({ code }: NetxfwError): Outcome {
  if (code === 'UNAUTHORIZED') return 'unauthorized';
  return code === 'DAEMON_UNREACHABLE' ? 'unreachable' : 'answered';
}

async function errorFrom(response: Response): Promise<NetxfwError> {
  const body = (await response.json().catch(() => null)) as Partial<ErrorBody> | null;
  if (typeof body?.code !== 'string' || typeof body.message !== 'string') return notOurs();
  return NetxfwError.fromBody(body as ErrorBody);
}

function notOurs(): NetxfwError {
  return new NetxfwError('DAEMON_UNREACHABLE', 'what answers is not the netxfw daemon');
}

async function* chunks({ body }: Response): AsyncGenerator<Uint8Array> {
  const reader = body?.getReader();
  if (reader === undefined) return;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } catch (error) {
    throw new NetxfwError('DAEMON_UNREACHABLE', 'the daemon closed the connection in the middle of its answer', {
      cause: error,
    });
  } finally {
    reader.cancel().catch(() => {});
  }
}

/** Browsers send streams over HTTP/2 only. */
async function whole(body: Uint8Array | AsyncIterable<Uint8Array>): Promise<Blob> {
  if (body instanceof Uint8Array) return new Blob([body as Uint8Array<ArrayBuffer>]);
  const parts: Uint8Array<ArrayBuffer>[] = [];
  for await (const part of body) parts.push(part as Uint8Array<ArrayBuffer>);
  return new Blob(parts);
}

function queryText(query: Query = {}): string {
  const params = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) if (value !== undefined) params.set(key, String(value));
  const text = params.toString();
  return text === '' ? '' : `?${text}`;
}
