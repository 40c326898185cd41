import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Audit } from '../engine/audit.ts';
import type { AuditRoute } from '../model/audit.ts';
import { type ErrorCode, NetxfwError } from '../model/errors.ts';
import type { Listener } from '../model/status.ts';
import type { FilterDriver } from './filter.ts';
import { giveMemoryBack } from './give-back.ts';
import { kernelFilter } from './kernel-filter.ts';
import { acquireLock } from './lock.ts';
import { createLogger, type Logger } from './log.ts';
import { notifySystemd } from './notify.ts';
import { createPluginHost, type PluginPrograms, pluginSpecs } from './plugins.ts';
import { reportOf, type StartReport } from './report.ts';
import { facesOf } from './serve.ts';
import { listenOnSocket } from './socket.ts';
import { startFilter } from './start.ts';
import { startSettings } from './start-settings.ts';

/** How long a command that is at work is waited for at the start, milliseconds. */
const PATIENCE = 10_000;
/** How long requests that run are waited for at the end, milliseconds. */
const STOP_PATIENCE = 5000;

const STOP_SIGNALS = ['SIGTERM', 'SIGINT'] as const;
const RELOAD_SIGNAL = 'SIGHUP';

export interface DaemonReport extends StartReport {
  /** How many tokens for the API and the web UI there are. */
  readonly tokens: number;
}

export interface DaemonOptions {
  readonly config?: string | undefined;
  /** Instead of base.interfaces. */
  readonly interfaces?: readonly string[] | undefined;
  /** Called once everything answers. */
  readonly onReady?: (report: DaemonReport) => void;
  readonly driver?: FilterDriver;
  readonly pluginPrograms?: PluginPrograms;
  /** Stops the daemon; SIGTERM and SIGINT do so too. */
  readonly signal?: AbortSignal;
}

/**
 * The control plane as a process: brings the filter up, serves the socket, and stops on SIGTERM or SIGINT; SIGHUP has it
 * follow its configuration again. The filter stays on the interfaces, whatever way the process ends.
 * @throws NetxfwError LOCKED naming the daemon that runs, and whatever is in the way of the filter
 */
export async function daemon(options: DaemonOptions = {}): Promise<void> {
  const { config, interfaces, driver = kernelFilter, onReady } = options;
  const { settings, problem } = startSettings(config, { interfaces }, driver);
  const { paths } = settings;
  const log = createLogger(settings.config.logging);
  using hangup = new Hangup();
  const lock = await acquireLock(paths.lock, 'daemon', { patience: PATIENCE });
  const socket: Listener = { name: 'socket', address: paths.socket, problem: null };
  let listening = (): readonly Listener[] => [socket];
  let configProblem = problem === null ? [] : [problem];
  let notices = (): readonly string[] => configProblem;
  const plugins = createPluginHost(settings, log, options.pluginPrograms);
  const context = {
    startedAt: new Date(),
    listeners: () => listening(),
    notices: () => notices(),
    extensions: plugins,
  };
  const started = await startFilter(driver, settings, lock, context);
  const { instance } = started;
  const { audit } = instance;
  using stop = stopSignal(options.signal, log);
  using _memory = giveMemoryBack();
  instance.engine.events.on((event) => {
    if (event.type === 'health') log[event.healthy ? 'info' : 'warn'](event.message);
  });
  instance.engine.watch();
  const { socketApp, listeners, close } = facesOf(instance, log);
  listening = () => [socket, ...listeners.list()];
  notices = () => [...configProblem, ...listeners.notices()];
  const unfollow = instance.engine.events.on((event) => {
    if (event.type !== 'reload') return;
    if (event.kind === 'rolled-back') noteOwn(audit, 'POST /api/config/rollback', 'netxfw', event.message);
    log[event.kind === 'failed' ? 'warn' : 'info']({ ...event }, 'reload');
    if (event.kind === 'failed') return;
    configProblem = [];
    const now = instance.engine.configuration;
    log.level = now.logging.level;
    void listeners.follow(now);
    void plugins.apply(pluginSpecs(now, settings.configFile));
  });
  try {
    await listenOnSocket(socketApp, paths.socket);
    writePidFile(paths.pidFile);
    await listeners.follow(instance.engine.configuration);
    const report: DaemonReport = { ...(await reportOf(started)), tokens: instance.tokens.count };
    announce(log, report);
    void plugins.apply(pluginSpecs(instance.engine.configuration, settings.configFile));
    // What is wrong with the file is in the log by then.
    hangup.handle(() => {
      const done = (outcome: ErrorCode | 'ok') =>
        noteOwn(audit, 'POST /api/config/reload', RELOAD_SIGNAL, null, outcome);
      const reload = instance.netxfw.config.reload({ origin: RELOAD_SIGNAL });
      return reload.then(() => done('ok')).catch((error) => done(NetxfwError.from(error).code));
    });
    await notifySystemd('--ready', '--status=filtering').catch((err) => log.warn({ err }, 'systemd was not told'));
    onReady?.(report);
    const why = await stop.requested;
    log.info(`stopping: ${why}; the filter stays on`);
    await notifySystemd('--stopping').catch(() => {});
  } finally {
    unfollow();
    await withinTime(plugins.stop());
    await withinTime(Promise.all([socketApp.close(), close()]));
    rmSync(paths.pidFile, { force: true });
    await instance.netxfw.close();
  }
}

/** What no request asked for and yet changes what is in force. */
function noteOwn(audit: Audit, route: AuditRoute, who: string, input: string | null, outcome: ErrorCode | 'ok' = 'ok') {
  const target = route.slice(route.indexOf(' ') + 1);
  audit.record({ who, via: 'daemon', from: null, route, target, input, outcome, milliseconds: 0 });
}

function announce(log: Logger, report: DaemonReport): void {
  const { attachments, adopted, notices, reconciled, status } = report;
  for (const notice of notices) log.info(notice);
  for (const { interface: name, mode, note } of attachments) {
    log.info({ interface: name, mode, ...(note === null ? {} : { note }) }, adopted ? 'took over' : 'attached');
  }
  log.info({ rules: status.rules, reconciled }, 'ready');
  for (const warning of status.warnings) log.warn(warning);
}

/**
 * The signal to reload, which must not end a daemon that is not ready for it yet: then it waits. While a reload runs, any number of
 * signals ask for one more.
 */
class Hangup implements Disposable {
  #waiting = false;
  #running = false;
  #work: (() => Promise<unknown>) | undefined;
  readonly #listener = (): void => {
    this.#waiting = true;
    void this.#next();
  };

  constructor() {
    process.on(RELOAD_SIGNAL, this.#listener);
  }

  handle(work: () => Promise<unknown>): void {
    this.#work = work;
    void this.#next();
  }

  async #next(): Promise<void> {
    if (this.#running || this.#work === undefined) return;
    this.#running = true;
    while (this.#waiting) {
      this.#waiting = false;
      await this.#work();
    }
    this.#running = false;
  }

  [Symbol.dispose](): void {
    process.off(RELOAD_SIGNAL, this.#listener);
  }
}

interface StopSignal extends Disposable {
  /** Resolves with the reason. */
  readonly requested: Promise<string>;
}

/** What ends the daemon. After a failure that nobody caught nothing is known of the state: out, without any more writing. */
function stopSignal(signal: AbortSignal | undefined, log: Logger): StopSignal {
  let stop = (_why: string) => {};
  const requested = new Promise<string>((resolve) => {
    stop = resolve;
  });
  const fail = (err: unknown) => {
    log.fatal({ err }, 'netxfw failed; the filter goes on with the rules it has');
    process.exit(1);
  };
  const abort = () => stop('asked to');
  for (const name of STOP_SIGNALS) process.on(name, stop);
  process.on('uncaughtException', fail);
  signal?.addEventListener('abort', abort, { once: true });
  return {
    requested,
    [Symbol.dispose]() {
      for (const name of STOP_SIGNALS) process.off(name, stop);
      process.off('uncaughtException', fail);
      signal?.removeEventListener('abort', abort);
    },
  };
}

function writePidFile(path: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  writeFileSync(path, `${process.pid}\n`);
}

/** A request that hangs does not keep the daemon from ending. */
async function withinTime(work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise((resolve) => {
    timer = setTimeout(resolve, STOP_PATIENCE);
  });
  await Promise.race([work, late]);
  clearTimeout(timer);
}
