import { PassThrough } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { NetxfwError } from '../model/errors.ts';
import type { Caller } from './hooks/auth.ts';

/** Streams that one app serves at a time; of those that strangers can reach fewer, so that the local socket always has some. */
const MAX_STREAMS = { local: 64, guarded: 24 } as const;
/** Of these, streams of one token, its sessions included, and of one session. */
const MAX_PER_TOKEN = 12;
const MAX_PER_SESSION = 6;
/** A comment this often keeps connections open that carry nothing else, milliseconds. */
const HEARTBEAT = 15_000;
/** How long a reader whose token was removed goes on reading at most, milliseconds. */
const RECHECK = 2000;

/** Serves server-sent events (WHATWG HTML, section 9.2), and ends them when the app closes. */
export class EventStreams {
  readonly #open = new Map<AbortController, Caller>();

  constructor(app: FastifyInstance) {
    app.addHook('preClose', async () => {
      for (const stream of this.#open.keys()) stream.abort();
    });
  }

  /**
   * Sends each item as one JSON document until the reader goes away. Reads on only as fast as the reader does.
   * @throws NetxfwError TOO_MANY_REQUESTS, and what the source refuses at once
   */
  async send<Item>(
    request: FastifyRequest,
    reply: FastifyReply,
    source: (signal: AbortSignal) => AsyncIterable<Item>,
  ): Promise<FastifyReply> {
    const caller = request.caller!;
    this.#makeSure(caller);
    const stream = new AbortController();
    this.#open.set(stream, caller);
    const end = () => {
      stream.abort();
      this.#open.delete(stream);
    };
    const items = source(stream.signal)[Symbol.asyncIterator]();
    const first = items.next();
    try {
      // What cannot be followed at all is refused at once, while there is still a status to be sent.
      await Promise.race([first, nextTurn()]);
    } catch (error) {
      end();
      throw error;
    }
    const out = new PassThrough();
    // The reader may go away at any time.
    out.on('error', () => {});
    out.once('close', end);
    request.raw.socket.once('close', end);
    out.write(': connected\n\n');
    const heartbeat = setInterval(() => out.writableNeedDrain || out.write(': alive\n\n'), HEARTBEAT);
    heartbeat.unref();
    const recheck = setInterval(() => request.mayStay?.() === false && end(), RECHECK);
    recheck.unref();
    void pump(first, items, out, stream.signal)
      .catch((error: unknown) => request.log.error({ err: error, url: request.url }, 'an event stream failed'))
      .finally(() => {
        clearInterval(heartbeat);
        clearInterval(recheck);
        request.raw.socket.off('close', end);
        out.end();
        end();
      });
    // An event stream is the last thing on its connection, which must not keep a closing server waiting.
    return reply
      .header('connection', 'close')
      .header('cache-control', 'no-store')
      .header('x-accel-buffering', 'no')
      .type('text/event-stream')
      .send(out);
  }

  #makeSure({ name, via, session }: Caller): void {
    const callers = [...this.#open.values()];
    const limit = (open: number, most: number, whose: string) => {
      if (open < most) return;
      throw new NetxfwError('TOO_MANY_REQUESTS', `${most} event streams are open already${whose}`, {
        hint: 'Close one of them.',
      });
    };
    const local = via === 'socket';
    limit(callers.length, local ? MAX_STREAMS.local : MAX_STREAMS.guarded, '');
    if (local) return;
    const own = callers.filter((caller) => caller.name === name);
    limit(own.length, MAX_PER_TOKEN, ` for the token "${name}"`);
    if (session === null) return;
    limit(own.filter((caller) => caller.session === session).length, MAX_PER_SESSION, ' in this session');
  }
}

async function pump<Item>(
  first: Promise<IteratorResult<Item>>,
  items: AsyncIterator<Item>,
  out: PassThrough,
  signal: AbortSignal,
): Promise<void> {
  try {
    for (let next = await first; !next.done && !signal.aborted; next = await items.next()) {
      if (!out.write(`data: ${JSON.stringify(next.value)}\n\n`)) await drained(out, signal);
    }
  } finally {
    await items.return?.();
  }
}

function drained(out: PassThrough, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const go = () => {
      out.off('drain', go);
      signal.removeEventListener('abort', go);
      resolve();
    };
    out.once('drain', go);
    if (signal.aborted) go();
    else signal.addEventListener('abort', go);
  });
}
