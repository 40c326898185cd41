import { EXIT, NetxfwError } from '../model/errors.ts';
import type { ConnectOptions } from '../sdk/connect.ts';
import type { Netxfw } from '../sdk/types.ts';
import type { Host } from './host.ts';
import { Output, type Sink } from './output/output.ts';
import type { GlobalInput } from './parse.ts';

/** Standard input. */
export interface Input extends AsyncIterable<Uint8Array> {
  readonly isTTY?: boolean;
}

type Variables = Readonly<Record<string, string | undefined>>;

/** All that a run of the CLI touches outside itself; tests give their own. */
export interface Environment {
  readonly stdout: Sink;
  readonly stderr: Sink;
  readonly stdin: Input;
  readonly variables: Variables;
  /** The variables of the processes that this one descends from, the nearest first. */
  parents(): Iterable<Variables>;
  /** Aborts when the user has seen enough (Ctrl-C) or the process is told to end. */
  interrupted(): AbortSignal;
  /** Unix milliseconds. */
  now(): number;
  connect(options: ConnectOptions): Promise<Netxfw>;
  host(): Promise<Host>;
}

/** What a command works with. */
export class Context {
  readonly out: Output;
  readonly globals: GlobalInput;
  readonly environment: Environment;
  /** Exit code of a run that was not refused and yet has nothing good to say. */
  exit: number = EXIT.ok;
  #sdk: Promise<Netxfw> | undefined;

  constructor(environment: Environment, globals: GlobalInput) {
    const { NETXFW_CONFIG: config, NETXFW_SOCKET: socket } = environment.variables;
    this.environment = environment;
    // Empty variables are the same as none.
    this.globals = { ...(config ? { config } : {}), ...(socket ? { socket } : {}), ...globals };
    this.out = new Output(environment, globals);
  }

  get json(): boolean {
    return this.globals.json === true;
  }

  now(): number {
    return this.environment.now();
  }

  /** netxfw by the global options: the daemon, else an engine in this process. Closed by `close`. */
  sdk(): Promise<Netxfw> {
    this.#sdk ??= this.environment.connect(this.connectOptions());
    return this.#sdk;
  }

  configOption(): { readonly config?: string } {
    const { config } = this.globals;
    return config === undefined ? {} : { config };
  }

  connectOptions(): ConnectOptions {
    const { socket } = this.globals;
    return {
      ...this.configOption(),
      ...(socket === undefined ? {} : { socket }),
      onNotice: (notice) => this.out.notice(notice),
    };
  }

  /** Version of the daemon that runs; null without one that this user may talk to. */
  async daemonVersion(): Promise<string | null> {
    try {
      await using sdk = await this.environment.connect({ ...this.connectOptions(), mode: 'remote', onNotice() {} });
      return await sdk.system.version();
    } catch (error) {
      const absent = error instanceof NetxfwError && ['DAEMON_UNREACHABLE', 'NOT_ROOT'].includes(error.code);
      if (absent && this.globals.socket === undefined) return null;
      throw error;
    }
  }

  async close(): Promise<void> {
    const sdk = await this.#sdk?.catch(() => undefined);
    await sdk?.close();
  }
}
