import { Readable } from 'node:stream';
import type { Host } from '../../src/cli/host.ts';
import type { Sink } from '../../src/cli/output/output.ts';
import { run } from '../../src/cli/run.ts';
import { NetxfwError } from '../../src/model/errors.ts';
import { createMock, type MockNetxfw } from '../../src/sdk/mock.ts';
import type { Netxfw } from '../../src/sdk/types.ts';
import { packageVersion } from '../../src/sdk/version.ts';
import type { Fakes } from '../support/fake-netxfw.ts';

/** When every transcript begins. */
export const START = Date.UTC(2026, 0, 1, 12);

export interface CliResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly stdin?: string;
  /** Makes stdout a terminal of this width. */
  readonly columns?: number;
  readonly variables?: Readonly<Record<string, string>>;
  /** Variables of the processes that the command descends from. */
  readonly parents?: readonly Readonly<Record<string, string>>[];
  /** Makes stdin and stderr a terminal, on which questions are asked. */
  readonly terminal?: boolean;
}

/** Collects what is written. */
class Collected implements Sink {
  text = '';
  readonly isTTY: boolean;
  readonly columns: number;

  constructor(columns?: number) {
    this.isTTY = columns !== undefined;
    this.columns = columns ?? 0;
  }

  write(chunk: string | Uint8Array, done: () => void): void {
    this.text += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8');
    done();
  }

  on(): void {}
}

/** The CLI on the mock SDK with a clock that stands still until it is moved. */
export class Cli implements AsyncDisposable {
  readonly mock: MockNetxfw;
  readonly #clock: { now: number };
  readonly #host: Host;

  private constructor(mock: MockNetxfw, clock: { now: number }, host: Host) {
    this.mock = mock;
    this.#clock = clock;
    this.#host = host;
  }

  static async open(host: Partial<Host> = {}): Promise<Cli> {
    const clock = { now: START };
    const refuse = () => Promise.reject(new NetxfwError('NOT_ROOT', 'the tests have no kernel'));
    const all = { load: refuse, unload: refuse, daemon: refuse, check: refuse, doctor: refuse, ...host };
    const options = { now: () => clock.now, whitelist: ['203.0.113.0/24'] };
    return new Cli(await createMock(options), clock, all);
  }

  /** Replaces methods of the mock by others. */
  fake(fakes: Fakes): void {
    for (const [noun, methods] of Object.entries(fakes)) {
      const name = noun as keyof Fakes;
      Object.assign(this.mock, { [name]: { ...this.mock[name], ...methods } } as Partial<Netxfw>);
    }
  }

  /** Moves the clock on, milliseconds. */
  pass(time: number): void {
    this.#clock.now += time;
  }

  async run(argv: readonly string[], options: RunOptions = {}): Promise<CliResult> {
    const { stdin = '', columns, variables = {}, parents = [], terminal = false } = options;
    const [stdout, stderr] = [new Collected(columns), new Collected(terminal ? 80 : undefined)];
    const code = await run(argv, {
      stdout,
      stderr,
      stdin: Object.assign(Readable.from([Buffer.from(stdin)]), { isTTY: terminal }),
      variables,
      parents: () => parents,
      interrupted: () => new AbortController().signal,
      now: () => this.#clock.now,
      connect: async ({ mode }) => {
        if (mode === 'remote') throw new NetxfwError('DAEMON_UNREACHABLE', 'there is no netxfw daemon');
        // A command closes what it was given; the next one of the transcript still needs it.
        return { ...this.mock, close: async () => {}, [Symbol.asyncDispose]: async () => {} };
      },
      host: async () => this.#host,
    });
    return { code, stdout: stdout.text, stderr: stderr.text };
  }

  /** What a command line looks like when it is run: stderr after stdout, marked, and a code other than 0. */
  async transcript(lines: readonly string[], options?: RunOptions): Promise<string> {
    let text = '';
    for (const line of lines) {
      const { code, stdout, stderr } = await this.run(split(line), options);
      const marked = stderr.replace(/^(?=.)/gm, '! ');
      text += `$ netxfw ${line}\n${stdout}${marked}${code === 0 ? '' : `exit code ${code}\n`}\n`;
    }
    return text.replaceAll(packageVersion(), 'X.Y.Z').replaceAll(/nxfw_[\w-]{43}/g, 'nxfw_SECRET');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.mock.close();
  }
}

/** Words of a command line as a shell makes them, as far as the examples and transcripts need it. */
export function split(line: string): string[] {
  return [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
}
