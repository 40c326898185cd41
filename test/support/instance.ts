import { mkdirSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stringify } from 'yaml';
import type { ImportDocument, RulesDocument, StatsDocument } from '../../src/cli/documents.ts';
import type { StatusDocument } from '../../src/cli/documents-observe.ts';
import type { ImportResult, Rule } from '../../src/model/rules.ts';
import type { Stats, SystemStatus } from '../../src/model/status.ts';
import { onCleanup } from './cleanup.ts';
import { FW_DEVICE, type Lab } from './lab.ts';
import type { Namespace } from './netns.ts';
import { ownedPinPath } from './owned.ts';
import { type Background, type RunOptions, type RunResult, runSync, until } from './process.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** The CLI of this checkout. */
export const NETXFW = join(ROOT, 'bin/netxfw');

/** Config as in config.yaml; only what differs from the defaults. */
export type ConfigInput = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

export interface InstanceOptions {
  /** Where it runs; default: the lab's firewall side. */
  readonly at?: Namespace;
  readonly interfaces?: readonly string[];
  readonly config?: ConfigInput;
}

function accepts(socket: string): Promise<boolean> {
  return new Promise((resolve) => {
    const client = connect(socket);
    client.on('connect', () => {
      client.destroy();
      resolve(true);
    });
    client.on('error', () => resolve(false));
  });
}

/** One netxfw with its own config, pins, state and run directory; any number may run side by side. */
export class Instance {
  readonly at: Namespace;
  readonly directory: string;
  readonly configFile: string;
  readonly pinPath: string;
  readonly stateDir: string;
  readonly runDir: string;
  readonly socket: string;
  #daemon: Background | undefined;

  constructor(lab: Lab, name = 'a', options: InstanceOptions = {}) {
    this.at = options.at ?? lab.fw;
    this.directory = join(lab.directory, name);
    this.configFile = join(this.directory, 'config.yaml');
    this.stateDir = join(this.directory, 'state');
    this.runDir = join(this.directory, 'run');
    this.socket = join(this.runDir, 'netxfw.sock');
    this.pinPath = ownedPinPath(name);
    mkdirSync(this.directory, { recursive: true });
    this.configure(options.config ?? {}, options.interfaces);
    onCleanup(() => this.#daemon?.signal('SIGKILL'));
  }

  /** Writes the config anew. */
  configure(config: ConfigInput, interfaces: readonly string[] = [FW_DEVICE]): void {
    const whole = {
      ...config,
      // Any free ports: instances run side by side.
      ...Object.fromEntries(['api', 'web', 'metrics'].map((name) => [name, { port: 0, ...config[name] }])),
      base: { interfaces, bpf_pin_path: this.pinPath, ...config.base },
      paths: { state_dir: this.stateDir, run_dir: this.runDir, ...config.paths },
    };
    writeFileSync(this.configFile, stringify(whole));
  }

  /** Runs the CLI against this instance to its end. */
  nx(args: readonly string[], options: RunOptions = {}): Promise<RunResult> {
    return this.at.run([NETXFW, '-c', this.configFile, ...args], options);
  }

  /** Runs the CLI and expects exit code 0. @returns stdout */
  ok(args: readonly string[], options: RunOptions = {}): Promise<string> {
    return this.at.must([NETXFW, '-c', this.configFile, ...args], options);
  }

  /** Runs the CLI with --json and expects exit code 0. */
  async json<T>(args: readonly string[]): Promise<T> {
    return JSON.parse(await this.ok([...args, '--json'])) as T;
  }

  async status(): Promise<SystemStatus> {
    return (await this.json<StatusDocument>(['system', 'status'])).status;
  }

  /** The counters of now: a daemon may answer with those of a moment ago. */
  stats(): Promise<Stats> {
    const asked = Date.now();
    return until('counters that are not older than the question', async () => {
      const { stats } = await this.json<StatsDocument>(['stats']);
      return Date.parse(stats.at) >= asked && stats;
    });
  }

  async rules(): Promise<readonly Rule[]> {
    return (await this.json<RulesDocument>(['list'])).rules;
  }

  /** Prefixes of both lists, sorted as text. */
  async prefixes(): Promise<string[]> {
    return (await this.rules()).map((rule) => rule.prefix).sort();
  }

  /** `rule import` with these arguments. */
  async import(...args: string[]): Promise<ImportResult> {
    return (await this.json<ImportDocument>(['rule', 'import', ...args])).import;
  }

  get daemon(): Background {
    if (!this.#daemon) throw new Error('the daemon was not started');
    return this.#daemon;
  }

  /** Starts the daemon and waits until its socket answers. */
  async start(args: readonly string[] = []): Promise<Background> {
    const daemon = this.at.start([NETXFW, '-c', this.configFile, 'system', 'daemon', ...args]);
    this.#daemon = daemon;
    await until('the daemon to answer on its socket', () => {
      if (daemon.status !== undefined) {
        throw new Error(`the daemon ended with exit code ${daemon.status}\n${daemon.stdout}${daemon.stderr}`);
      }
      return accepts(this.socket);
    });
    return daemon;
  }

  /** Ends the daemon in an orderly way; the filter stays. @returns its exit code */
  stop(): Promise<number> {
    return this.daemon.stop('SIGTERM');
  }

  /** Ends the daemon without a chance to do anything; the filter stays. */
  async kill(): Promise<void> {
    await this.daemon.stop('SIGKILL');
  }

  /** What a reboot does to this instance: daemon, links and maps are gone; the disk stays. */
  async reboot(): Promise<void> {
    if (this.#daemon?.status === undefined) await this.#daemon?.stop('SIGKILL');
    runSync(['rm', '-rf', this.pinPath]);
  }
}
