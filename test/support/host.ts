import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { onCleanup } from './cleanup.ts';
import type { Namespace } from './netns.ts';

const AGENT = fileURLToPath(new URL('host-agent.mjs', import.meta.url));

/** Long enough for a busy machine and a few retransmissions. */
const PATIENCE = 20_000;
/** How long to wait for what must not come. */
export const IN_VAIN = 1500;

type Waiting = { readonly resolve: (value: unknown) => void; readonly reject: (error: Error) => void };

/** One end of a TCP connection. */
export class Connection {
  readonly #host: Host;
  readonly #id: number;

  constructor(host: Host, id: number) {
    this.#host = host;
    this.#id = id;
  }

  async write(text: string): Promise<void> {
    await this.#ask('write', { text });
  }

  async writeBytes(bytes: number): Promise<void> {
    await this.#ask('write', { bytes });
  }

  /** @returns as many characters, fewer when the other side ended; above a hundred only their number */
  read(length: number, ms = PATIENCE): Promise<string | number> {
    return this.#ask('read', { length, ms });
  }

  /** Waits until the other side ends. @returns the error code, null for an orderly end */
  ended(ms = PATIENCE): Promise<string | null> {
    return this.#ask('ended', { ms });
  }

  /** FIN: nothing more will be written. */
  async end(): Promise<void> {
    await this.#ask('end');
  }

  async reset(): Promise<void> {
    await this.#ask('reset');
  }

  #ask<Answer>(operation: string, options: object = {}): Promise<Answer> {
    return this.#host.ask<Answer>(operation, { id: this.#id, ...options });
  }
}

/** The applications of a namespace: sockets of its real stack, used from the test. */
export class Host {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #waiting = new Map<number, Waiting>();
  readonly #release: () => void;
  #requests = 0;

  constructor(at: Namespace) {
    this.#child = spawn('nsenter', [`--net=/run/netns/${at.name}`, process.execPath, AGENT]);
    this.#release = onCleanup(() => void this.#child.kill('SIGKILL'));
    createInterface({ input: this.#child.stdout }).on('line', (line) => {
      const { request, value, error } = JSON.parse(line) as { request: number; value?: unknown; error?: string };
      const waiting = this.#waiting.get(request);
      this.#waiting.delete(request);
      if (error === undefined) waiting?.resolve(value);
      else waiting?.reject(new Error(error));
    });
    let said = '';
    this.#child.stderr.on('data', (chunk: Buffer) => {
      said += chunk;
    });
    this.#child.on('exit', () => {
      for (const { reject } of this.#waiting.values()) reject(new Error(`the host's applications ended: ${said}`));
    });
  }

  async listen(port: number, host?: string): Promise<void> {
    await this.ask('listen', { port, host });
  }

  /** Serves a port that sends everything back. */
  async serveEcho(port: number): Promise<void> {
    await this.ask('listen', { port, echo: true });
  }

  /** The next connection to a port that `listen` serves. */
  async accept(port: number, ms = PATIENCE): Promise<Connection> {
    return new Connection(this, await this.ask<number>('accept', { port, ms }));
  }

  /** @throws Error with the code, such as ECONNREFUSED, or `timeout: ...` */
  async connect(host: string, port: number, { ms = PATIENCE, localPort }: ConnectOptions = {}): Promise<Connection> {
    return new Connection(this, await this.ask<number>('connect', { host, port, localPort, ms }));
  }

  /** What becomes of a connection attempt: `open`, an error code, or `timeout`. */
  async tries(host: string, port: number, ms = IN_VAIN): Promise<string> {
    try {
      const connection = await this.connect(host, port, { ms });
      await connection.reset();
      return 'open';
    } catch (error) {
      return (error as Error).message.replace(/:.*/, '');
    }
  }

  /** Answers datagrams with so many bytes. */
  async serveUdp(host: string, port: number, size: number): Promise<void> {
    await this.ask('serveUdp', { host, port, size });
  }

  /** @returns the bytes of the answer; `timeout` without one */
  async asksUdp(
    host: string,
    port: number,
    { ms = PATIENCE, localPort }: ConnectOptions = {},
  ): Promise<number | string> {
    try {
      return await this.ask<number>('askUdp', { host, port, localPort, ms });
    } catch (error) {
      return (error as Error).message.replace(/:.*/, '');
    }
  }

  /** @internal */
  ask<Answer>(operation: string, options: object): Promise<Answer> {
    this.#requests += 1;
    const request = this.#requests;
    this.#child.stdin.write(`${JSON.stringify({ request, operation, ...options })}\n`);
    return new Promise((resolve, reject) => {
      this.#waiting.set(request, { resolve: resolve as (value: unknown) => void, reject });
    });
  }

  dispose(): void {
    this.#release();
  }
}

export interface ConnectOptions {
  readonly ms?: number;
  readonly localPort?: number;
}
