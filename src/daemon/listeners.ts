import { hostname } from 'node:os';
import type { Server as TlsServer } from 'node:tls';
import type { App } from '../api/app.ts';
import type { Config } from '../model/config.ts';
import type { Listener } from '../model/status.ts';
import { bindProblem, type PlannedListener, planListeners, type TcpListenerName, urlOf } from './listen-plan.ts';
import type { Logger } from './log.ts';

export interface ListenersOptions {
  /** Makes the app behind a listener. @param names of this host, by which browsers may call it */
  readonly build: (planned: PlannedListener, names: () => readonly string[]) => App;
  /** How many tokens there are. */
  readonly tokens: () => number;
  readonly log: Logger;
  /** Pause before an address that could not be bound is tried again, milliseconds. */
  readonly retry?: number;
}

interface Running {
  readonly app: App;
  readonly planned: PlannedListener;
  readonly port: number;
}

const RETRY = 15_000;
/** How long requests that run are waited for when a listener goes, milliseconds. */
const PATIENCE = 5000;

/**
 * The TCP listeners of the daemon, as the configuration asks for them. Whatever keeps one from listening is kept as its
 * problem and tried again now and then: the filter, and the others, go on.
 */
export class Listeners {
  readonly #options: ListenersOptions;
  readonly #running = new Map<TcpListenerName, Running>();
  #states: readonly Listener[] = [];
  #notices: readonly string[] = [];
  #config: Pick<Config, 'api' | 'web' | 'metrics'> | null = null;
  #work: Promise<void> = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;

  constructor(options: ListenersOptions) {
    this.#options = options;
  }

  /** Makes the listeners follow a configuration; those that need no change are not touched. Never rejects. */
  follow(config: Pick<Config, 'api' | 'web' | 'metrics'>): Promise<void> {
    this.#config = config;
    return this.refresh();
  }

  /** Looks again at what may have changed besides the configuration: tokens, certificates, addresses. */
  refresh(): Promise<void> {
    this.#work = this.#work.then(() => (this.#config === null ? undefined : this.#apply(this.#config)));
    return this.#work;
  }

  list(): readonly Listener[] {
    return this.#states;
  }

  /** What is wrong although everything listens that may. */
  notices(): readonly string[] {
    return this.#notices;
  }

  async close(): Promise<void> {
    this.#config = null;
    await this.#work;
    clearTimeout(this.#timer);
    const apps = [...this.#running.values()].map(({ app }) => app);
    this.#running.clear();
    this.#states = [];
    await Promise.all(apps.map(leave));
  }

  async #apply(config: Pick<Config, 'api' | 'web' | 'metrics'>): Promise<void> {
    clearTimeout(this.#timer);
    const inUse = [...this.#running.values()].find(({ planned }) => planned.certificate !== null);
    const plan = planListeners(config, this.#options.tokens(), inUse?.planned.certificate);
    this.#notice([...new Set(plan.flatMap(({ notice }) => notice ?? []))]);
    // All that go are gone before one comes: two may have changed places.
    for (const [name, running] of this.#running) {
      const planned = plan.find((candidate) => candidate.name === name);
      if (planned !== undefined && isSame(running.planned, planned)) continue;
      this.#running.delete(name);
      void leave(running.app);
    }
    const states: Listener[] = [];
    for (const planned of plan) states.push(await this.#state(planned));
    this.#tell(states);
    this.#states = states;
    if (this.#notices.length > 0 || states.some(({ problem }) => problem !== null)) {
      this.#timer = setTimeout(() => void this.refresh(), this.#options.retry ?? RETRY).unref();
    }
  }

  async #state(planned: PlannedListener): Promise<Listener> {
    const { name } = planned;
    const running = this.#running.get(name);
    if (running !== undefined) {
      this.#running.set(name, { ...running, planned });
      if (planned.certificate !== null) renew(running.app, planned);
      return { name, address: urlOf({ ...planned, port: running.port }), problem: null };
    }
    if (planned.problem !== null) return { name, address: urlOf(planned), problem: planned.problem };
    const app = this.#options.build(planned, () => this.#names());
    try {
      await app.listen({ host: planned.host, port: planned.port });
    } catch (error) {
      await app.close();
      return { name, address: urlOf(planned), problem: bindProblem(planned, error) };
    }
    const address = app.server.address();
    const port = typeof address === 'object' && address !== null ? address.port : planned.port;
    this.#running.set(name, { app, planned, port });
    return { name, address: urlOf({ ...planned, port }), problem: null };
  }

  #notice(notices: readonly string[]): void {
    for (const notice of notices) if (!this.#notices.includes(notice)) this.#options.log.warn(notice);
    this.#notices = notices;
  }

  /** Tells the log what is new. */
  #tell(states: readonly Listener[]): void {
    const { log } = this.#options;
    for (const { name, address, problem } of states) {
      const before = this.#states.find((state) => state.name === name);
      if (before?.problem === problem && before.address === address) continue;
      if (problem === null) log.info(`${name}: ${address}`);
      else log.warn(`${name} does not listen: ${problem}`);
    }
  }

  #names(): readonly string[] {
    const own = hostname().toLowerCase();
    const certified = [...this.#running.values()].flatMap(({ planned }) => planned.certificate?.names ?? []);
    return [own, own.split('.', 1)[0]!, ...certified];
  }
}

/** Whether a listener can stay as it is; a new certificate is taken over while it listens. */
function isSame(a: PlannedListener, b: PlannedListener): boolean {
  return (
    a.host === b.host &&
    a.port === b.port &&
    a.exposed === b.exposed &&
    (a.certificate === null) === (b.certificate === null) &&
    b.problem === null
  );
}

function renew({ server }: App, { certificate }: PlannedListener): void {
  const { cert, key } = certificate!;
  (server as unknown as TlsServer).setSecureContext({ cert, key });
}

/**
 * Frees the address at once, lets requests that run come to their end, then hangs up: one of them may be the very change
 * that moves the listener.
 */
async function leave(app: App): Promise<void> {
  const { server } = app;
  if (server.listening) server.close();
  server.closeIdleConnections();
  const timer = setTimeout(() => server.closeAllConnections(), PATIENCE).unref();
  await app.close();
  clearTimeout(timer);
}
