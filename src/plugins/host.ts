import { NetxfwError } from '../model/errors.ts';
import type { ExtensionState, ExtensionStatus } from '../model/extensions.ts';
import type { ExtensionAPI } from '../sdk/types.ts';
import { PLUGIN_TIMES, PluginThread, type PluginTimes } from './plugin-thread.ts';
import type { FromWorker } from './protocol.ts';

/** A plugin as the configuration wants it. */
export interface PluginSpec {
  /** URL of a module, or `netxfw:NAME` for a built-in plugin. */
  readonly module: string;
  /** How it is called in messages until it says its name. */
  readonly label: string;
  readonly config: unknown;
}

/** Where values of plugins are kept; `shared` is everybody's namespace. */
export interface PluginValues {
  get(namespace: string, key: string): unknown;
  set(namespace: string, key: string, value: unknown): void | Promise<void>;
  delete(namespace: string, key: string): boolean | Promise<boolean>;
  keys(namespace: string): readonly string[];
}

export interface HostOptions {
  /** The thread's program. */
  readonly workerFile: URL | string;
  /** What `netxfw/plugin` stands for. */
  readonly library: URL | string;
  /** The daemon's socket. */
  readonly socket: string;
  readonly values: PluginValues;
  readonly log: (level: 'debug' | 'info' | 'warn' | 'error', plugin: string, message: string, fields: object) => void;
  readonly times?: Partial<PluginTimes>;
  /** First pause before a built-in plugin that failed is started again, milliseconds; each further one is twice as long. */
  readonly restart?: number;
}

const SHARED = '*shared';
const MAX_RESTART = 300_000;

interface Running {
  readonly spec: PluginSpec;
  readonly thread: PluginThread;
  state: ExtensionState;
  since: Date;
  ok: boolean;
  message: string;
  restart: NodeJS.Timeout | undefined;
}

/** Starts, feeds and ends the plugins that the configuration names. A plugin that fails is reported, never waited for. */
export class PluginHost implements ExtensionAPI {
  readonly #options: HostOptions;
  #running: Running[] = [];
  #work: Promise<unknown> = Promise.resolve();
  #failures = new Map<string, number>();

  constructor(options: HostOptions) {
    this.#options = options;
  }

  /** Makes the plugins that run those that are wanted; what is wanted unchanged goes on undisturbed. */
  apply(specs: readonly PluginSpec[]): Promise<void> {
    return this.#serially(async () => {
      const before = this.#running;
      const kept = new Set<Running>();
      const plan = specs.map((spec) => {
        const old = before.find((one) => !kept.has(one) && one.spec.module === spec.module);
        if (old !== undefined) kept.add(old);
        return { spec, old };
      });
      await Promise.all(before.filter((one) => !kept.has(one)).map((one) => this.#stop(one)));
      this.#running = await Promise.all(plan.map(({ spec, old }) => this.#bring(spec, old)));
      this.#refuseNamesakes();
    });
  }

  /** Checks modules and configurations without starting anything. @throws NetxfwError CONFIG_INVALID naming the plugin */
  async validate(specs: readonly PluginSpec[]): Promise<void> {
    for (const spec of specs) {
      const { state, message } = await this.#spawn(spec, true);
      if (state === 'failed') throw new NetxfwError('CONFIG_INVALID', `plugin ${spec.label}: ${message}`);
    }
  }

  async list(): Promise<readonly ExtensionStatus[]> {
    return this.#running.map((one) => ({
      name: nameOf(one),
      module: one.spec.module.startsWith('netxfw:') ? 'built-in' : one.spec.label,
      state: one.state,
      since: one.since.toISOString(),
      ok: one.state === 'running' && one.ok,
      message: one.message,
      commands: one.thread.commands,
    }));
  }

  async call(name: string, command: string, argument: unknown = null): Promise<unknown> {
    const one = this.#running.find((candidate) => nameOf(candidate) === name);
    if (one === undefined) {
      throw new NetxfwError('NOT_FOUND', `there is no plugin ${name}`, {
        hint: 'Plugins are named in config.yaml; see `netxfw status`.',
      });
    }
    return await one.thread.call(command, argument);
  }

  stop(): Promise<void> {
    return this.apply([]);
  }

  async #bring(spec: PluginSpec, old: Running | undefined): Promise<Running> {
    if (old === undefined) return this.#start(spec);
    if (old.state === 'running' && sameConfig(old.spec, spec)) return old;
    if (old.state === 'running' && old.thread.reloads) {
      try {
        await old.thread.reload(spec.config);
        return Object.assign(old, { spec });
      } catch (error) {
        this.#log('error', old, `it refused its new configuration: ${NetxfwError.from(error).message}`);
        await this.#stop(old);
        return Object.assign(old, { spec, state: 'failed', ok: false, message: NetxfwError.from(error).message });
      }
    }
    await this.#stop(old);
    return this.#start(spec);
  }

  async #start(spec: PluginSpec): Promise<Running> {
    return await this.#spawn(spec, false);
  }

  async #spawn(spec: PluginSpec, validateOnly: boolean): Promise<Running> {
    const { workerFile, library, socket, times } = this.#options;
    const start = { module: spec.module, config: spec.config, socket, library: String(library), validateOnly };
    // A thread is heard at the earliest in the next turn of the event loop, when `one` is there.
    const thread = new PluginThread({
      workerFile,
      start,
      times: { ...PLUGIN_TIMES, ...times },
      hooks: {
        onState: (state, message) => this.#changed(one, state, message, validateOnly),
        onHealth: (ok, message) => Object.assign(one, { ok, message }),
        onLog: (level, message, fields) => this.#options.log(level, nameOf(one), message, fields),
        onStore: (request) => this.#store(one, request),
      },
    });
    const one: Running = {
      spec,
      thread,
      state: 'starting',
      since: new Date(),
      ok: true,
      message: '',
      restart: undefined,
    };
    await thread.started;
    if (validateOnly) await thread.stop();
    return one;
  }

  #changed(one: Running, state: ExtensionState, message: string, quiet: boolean): void {
    if (quiet && state !== 'failed') return;
    Object.assign(one, { state, since: new Date(), message: message || one.message });
    if (quiet) return;
    if (state === 'running') this.#log('info', one, 'runs');
    if (state !== 'failed') return;
    one.ok = false;
    this.#log('error', one, `stopped: ${message}; the firewall goes on without it`);
    if (one.spec.module.startsWith('netxfw:')) this.#restartLater(one);
  }

  /** What is ours comes back by itself; what is not waits for its author. */
  #restartLater(one: Running): void {
    const failures = (this.#failures.get(one.spec.module) ?? 0) + 1;
    this.#failures.set(one.spec.module, failures);
    const pause = Math.min(MAX_RESTART, (this.#options.restart ?? 5000) * 2 ** (failures - 1));
    one.restart = setTimeout(() => {
      void this.#serially(async () => {
        const at = this.#running.indexOf(one);
        if (at < 0 || one.state !== 'failed') return;
        const next = await this.#start(one.spec);
        this.#running[at] = next;
        if (next.state === 'running') this.#log('info', next, 'was started again');
      });
    }, pause);
    one.restart.unref();
  }

  #refuseNamesakes(): void {
    const names = new Set<string>();
    for (const one of this.#running) {
      const name = nameOf(one);
      if (names.has(name)) {
        const message = `another plugin has the name ${name} already`;
        void one.thread.stop().then(() => Object.assign(one, { state: 'failed', ok: false, message }));
      }
      names.add(name);
    }
  }

  #store(one: Running, { shared, operation, key, value }: Extract<FromWorker, { readonly type: 'store' }>): unknown {
    const namespace = shared ? SHARED : nameOf(one);
    const { values } = this.#options;
    switch (operation) {
      case 'get':
        return values.get(namespace, key);
      case 'set':
        return values.set(namespace, key, value);
      case 'delete':
        return values.delete(namespace, key);
      case 'keys':
        return values.keys(namespace);
    }
  }

  async #stop(one: Running): Promise<void> {
    clearTimeout(one.restart);
    this.#failures.delete(one.spec.module);
    await one.thread.stop();
  }

  #log(level: 'info' | 'error', one: Running, message: string): void {
    this.#options.log(level, nameOf(one), message, {});
  }

  #serially<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#work.then(work);
    this.#work = result.catch(() => undefined);
    return result;
  }
}

function nameOf({ spec, thread }: Pick<Running, 'spec' | 'thread'>): string {
  return thread.name ?? spec.label;
}

function sameConfig(a: PluginSpec, b: PluginSpec): boolean {
  return JSON.stringify(a.config) === JSON.stringify(b.config);
}
