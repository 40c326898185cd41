import { Worker } from 'node:worker_threads';
import { NetxfwError } from '../model/errors.ts';
import type { ExtensionState } from '../model/extensions.ts';
import { Calls, replyOf } from './calls.ts';
import type { FromWorker, ToWorker, WorkerStart } from './protocol.ts';

/** Milliseconds. */
export interface PluginTimes {
  /** To load the module and set up. */
  readonly start: number;
  readonly stop: number;
  /** Between two questions whether the thread still turns. */
  readonly ping: number;
  /** Without an answer for this long it counts as hanging. */
  readonly hang: number;
  readonly call: number;
}

export const PLUGIN_TIMES: PluginTimes = { start: 60_000, stop: 5000, ping: 2000, hang: 20_000, call: 120_000 };

/** Heap of one plugin, MiB; what goes beyond ends the plugin and not the daemon. */
const HEAP = 512;

export interface ThreadHooks {
  onState(state: ExtensionState, message: string): void;
  onHealth(ok: boolean, message: string): void;
  onLog(level: 'debug' | 'info' | 'warn' | 'error', message: string, fields: Readonly<Record<string, unknown>>): void;
  /** Serves the key-value store. */
  onStore(request: Extract<FromWorker, { readonly type: 'store' }>): unknown;
}

export interface ThreadOptions {
  readonly workerFile: URL | string;
  readonly start: WorkerStart;
  readonly times: PluginTimes;
  readonly hooks: ThreadHooks;
}

/**
 * One plugin in a thread of its own. Whatever it does, throw, spin or never answer, this side only ever reports it: the
 * thread is ended from outside.
 */
export class PluginThread {
  name: string | undefined;
  commands: readonly string[] = [];
  reloads = false;
  readonly #options: ThreadOptions;
  readonly #calls = new Calls();
  readonly #worker: Worker;
  #state: ExtensionState = 'starting';
  #watch: NodeJS.Timeout | undefined;
  readonly #created = Date.now();
  /** Checks since the plugin was last heard. */
  #unanswered = 0;
  /** Settles once the plugin runs, failed or ended. */
  readonly started: Promise<void>;
  #settleStarted = () => {};

  constructor(options: ThreadOptions) {
    this.#options = options;
    this.started = new Promise((resolve) => {
      this.#settleStarted = resolve;
    });
    this.#worker = new Worker(options.workerFile, {
      workerData: options.start,
      stdout: true,
      stderr: true,
      resourceLimits: { maxOldGenerationSizeMb: HEAP },
    });
    this.#worker.on('message', (message: FromWorker) => this.#receive(message));
    this.#worker.on('error', (error) => this.#fail(`it threw: ${messageOf(error)}`));
    this.#worker.on('exit', (code) => this.#fail(`it ended by itself, with exit code ${code}`));
    for (const [stream, level] of [
      [this.#worker.stdout, 'info'],
      [this.#worker.stderr, 'warn'],
    ] as const) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        for (const line of text.split('\n')) if (line !== '') options.hooks.onLog(level, line, {});
      });
    }
    this.#watch = setInterval(() => this.#check(), options.times.ping);
    this.#watch.unref();
  }

  get state(): ExtensionState {
    return this.#state;
  }

  /** @throws NetxfwError what the plugin threw */
  reload(config: unknown): Promise<void> {
    return this.#ask((id) => ({ type: 'reload', id, config }), this.#options.times.start);
  }

  /** @throws NetxfwError what the plugin threw; DAEMON_UNREACHABLE when it does not run */
  call(command: string, argument: unknown): Promise<unknown> {
    if (this.#state !== 'running') {
      return Promise.reject(new NetxfwError('DAEMON_UNREACHABLE', `the plugin ${this.name ?? ''} does not run`));
    }
    return this.#ask((id) => ({ type: 'call', id, command, argument }), this.#options.times.call);
  }

  /** Ends it, in order when it lets itself be. */
  async stop(): Promise<void> {
    if (this.#state === 'failed' || this.#state === 'stopped') return;
    if (this.#state === 'running' && !this.#options.start.validateOnly) {
      try {
        await this.#ask((id) => ({ type: 'stop', id }), this.#options.times.stop);
      } catch (error) {
        this.#options.hooks.onLog('warn', `it did not stop in order: ${messageOf(error)}`, {});
      }
    }
    await this.#end('stopped', '');
  }

  #ask<T>(message: (id: number) => ToWorker, patience: number): Promise<T> {
    const answer = this.#calls.ask<T>((id) => this.#worker.postMessage(message(id)));
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      const why = `no answer within ${patience / 1000} s`;
      timer = setTimeout(() => reject(new NetxfwError('DAEMON_UNREACHABLE', why)), patience);
    });
    return Promise.race([answer, late]).finally(() => clearTimeout(timer));
  }

  #receive(message: FromWorker): void {
    const { hooks } = this.#options;
    this.#unanswered = 0;
    switch (message.type) {
      case 'name':
        this.name = message.name;
        break;
      case 'ready':
        this.commands = message.commands;
        this.reloads = message.reloads;
        this.#state = 'running';
        hooks.onState('running', '');
        this.#settleStarted();
        break;
      case 'failed':
        this.#fail(message.error.message);
        break;
      case 'health':
        hooks.onHealth(message.ok, message.message);
        break;
      case 'log':
        hooks.onLog(message.level, message.message, message.fields);
        break;
      case 'store':
        void replyOf(message.id, () => hooks.onStore(message)).then((reply) => this.#worker.postMessage(reply));
        break;
      case 'reply':
        this.#calls.settle(message);
        break;
    }
  }

  #check(): void {
    const { times } = this.#options;
    if (this.#state === 'starting' && Date.now() - this.#created > times.start) {
      this.#fail('it was not set up in time');
      return;
    }
    // Counted in questions, not by the clock: a host that was held up itself reads the answers late.
    const silent = this.#unanswered * times.ping;
    if (silent > times.hang) this.#fail(`it hangs: no sign of life for ${Math.round(silent / 1000)} s`);
    else if (this.#unanswered++ === 0) this.#worker.postMessage({ type: 'ping' } satisfies ToWorker);
  }

  #fail(why: string): void {
    void this.#end('failed', why);
  }

  async #end(state: 'failed' | 'stopped', why: string): Promise<void> {
    if (this.#state === 'failed' || this.#state === 'stopped') return;
    this.#state = state;
    clearInterval(this.#watch);
    this.#calls.abandon(new NetxfwError('DAEMON_UNREACHABLE', `the plugin ${this.name ?? ''} ended`));
    await this.#worker.terminate();
    this.#options.hooks.onState(state, why);
    this.#settleStarted();
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
