import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { NetxfwError } from '../model/errors.ts';
import { DEFAULT_CONFIG_FILE, DEFAULT_RUN_DIR } from '../model/paths.ts';
import { createRemote } from './remote.ts';
import { scanRunDir } from './run-dir.ts';
import type { Netxfw } from './types.ts';
import { packageVersion } from './version.ts';

export interface ConnectOptions {
  /** The daemon's socket; default: the one in the run directory that the configuration names. */
  readonly socket?: string;
  /** Config file; default /etc/netxfw/config.yaml, or the built-in defaults when that does not exist. */
  readonly config?: string;
  /** Address of an API instead of a socket, for example http://127.0.0.1:11818. */
  readonly url?: string;
  /** Token for `url`. */
  readonly token?: string;
  /** PEM of the certificate that an https `url` has, or of the authority that signed it. */
  readonly ca?: string;
  /** SHA-256 fingerprint of the certificate that an https `url` has, in hexadecimal: no other is accepted. */
  readonly fingerprint?: string;
  /**
   * `remote`: only a running daemon. `local`: only an engine in this process. `auto` (the default): the daemon, and
   * without one an engine in this process, under the same lock. A `socket` or `url` that is given means `remote`.
   */
  readonly mode?: 'auto' | 'remote' | 'local';
  /** Receives what the user should know besides results. */
  readonly onNotice?: (notice: string) => void;
}

/** A writer without a daemon is done within moments: many that start at once wait for each other this long, in ms. */
const LOCK_PATIENCE = 30_000;
/** First and longest pause between two attempts, milliseconds; in between each is twice the one before. */
const LOCK_POLL = { first: 25, longest: 200 };

/**
 * Finds netxfw: a daemon that runs, else an engine in this process. Close it after use.
 * @throws NetxfwError DAEMON_UNREACHABLE, NOT_ROOT, CONFIG_NOT_FOUND, CONFIG_INVALID, LOCKED, NOT_LOADED
 */
export async function connect(options: ConnectOptions = {}): Promise<Netxfw> {
  const { url, token, ca, fingerprint } = options;
  if (url !== undefined) {
    return createRemote({
      url,
      ...(token === undefined ? {} : { token }),
      ...(ca === undefined ? {} : { ca }),
      ...(fingerprint === undefined ? {} : { fingerprint }),
    });
  }
  if (options.socket !== undefined) return reach(options.socket, options);
  if (options.mode === 'local') return openLocal(options);
  const socket = `${await runDirOf(options.config)}/netxfw.sock`;
  if (options.mode === 'remote') return reach(socket, options);
  const deadline = Date.now() + LOCK_PATIENCE;
  for (let pause = LOCK_POLL.first; ; pause = Math.min(2 * pause, LOCK_POLL.longest)) {
    try {
      return await reach(socket, options);
    } catch (error) {
      if (!nobodyThere(error)) throw error;
    }
    try {
      return await openLocal(options);
    } catch (error) {
      // Another command is at work, or a daemon that has not opened its socket yet.
      const locked = error instanceof NetxfwError && error.code === 'LOCKED';
      if (!locked || Date.now() >= deadline) throw error;
    }
    // Those that wait must not all try at the same moment.
    await sleep(pause * (0.5 + Math.random()));
  }
}

/** The socket where a daemon of this configuration listens. */
export async function socketPath(config?: string): Promise<string> {
  return `${await runDirOf(config)}/netxfw.sock`;
}

async function reach(socket: string, { onNotice }: ConnectOptions): Promise<Netxfw> {
  const remote = createRemote({ socket });
  try {
    const [theirs, ours] = [await remote.system.version(), packageVersion()];
    if (theirs !== ours) {
      onNotice?.(`the daemon runs version ${theirs}, this is ${ours}: restart it to use the installed version`);
    }
    return remote;
  } catch (error) {
    await remote.close();
    throw error;
  }
}

async function openLocal({ config, onNotice }: ConnectOptions): Promise<Netxfw> {
  const { openInProcess } = await import('../daemon/compose.ts');
  return openInProcess({ config, onNotice });
}

/** No socket, or one that a dead daemon left behind. */
function nobodyThere(error: unknown): boolean {
  if (!(error instanceof NetxfwError) || error.code !== 'DAEMON_UNREACHABLE') return false;
  const { code } = (error.cause ?? {}) as NodeJS.ErrnoException;
  return code === 'ENOENT' || code === 'ECONNREFUSED';
}

async function runDirOf(config?: string): Promise<string> {
  const text = readConfigText(config);
  const scanned = scanRunDir(text);
  if (scanned !== undefined) return scanned ?? DEFAULT_RUN_DIR;
  const { readSettings } = await import('../daemon/settings.ts');
  return readSettings(config).paths.runDir;
}

function readConfigText(config = DEFAULT_CONFIG_FILE): string {
  try {
    return readFileSync(config, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' && config === DEFAULT_CONFIG_FILE) return '';
    if (code === 'ENOENT') {
      throw new NetxfwError('CONFIG_NOT_FOUND', `there is no config file ${config}`, { cause: error });
    }
    throw new NetxfwError('FILE_UNREADABLE', `${config} cannot be read: ${message}`, { cause: error });
  }
}
