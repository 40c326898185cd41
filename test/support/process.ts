import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { onCleanup } from './cleanup.ts';

export interface RunOptions {
  /** Name of a network namespace to run in. */
  readonly netns?: string;
  readonly input?: string | Uint8Array;
  /** Added to this process's environment. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Milliseconds until the command is killed; default 60,000. */
  readonly timeout?: number;
}

export interface RunResult {
  /** Exit code; 128 + signal when a signal ended it. */
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

// `nsenter --net` and not `ip netns exec`: the latter mounts a new /sys and so hides bpffs.
function argv(command: readonly string[], netns: string | undefined): [string, string[]] {
  const [program, ...args] = netns === undefined ? command : ['nsenter', `--net=/run/netns/${netns}`, ...command];
  return [program!, args];
}

const SIGNALS: Readonly<Record<string, number>> = { SIGHUP: 1, SIGINT: 2, SIGKILL: 9, SIGTERM: 15, SIGSEGV: 11 };

function exitStatus(code: number | null, signal: string | null): number {
  return code ?? 128 + (SIGNALS[signal ?? ''] ?? 0);
}

/** Runs a short command to its end without giving way to anything else; never throws for its exit code. */
export function runSync(command: readonly string[], options: RunOptions = {}): RunResult {
  const [program, args] = argv(command, options.netns);
  const result = spawnSync(program, args, {
    encoding: 'utf8',
    input: options.input,
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    timeout: options.timeout ?? 60_000,
    maxBuffer: 256 << 20,
  });
  if (result.error) throw new Error(`${command.join(' ')}: ${result.error.message}`);
  return { status: exitStatus(result.status, result.signal), stdout: result.stdout, stderr: result.stderr };
}

function expectSuccess(command: readonly string[], result: RunResult): string {
  if (result.status === 0) return result.stdout;
  throw new Error(`${command.join(' ')}: exit code ${result.status}\n${result.stdout}${result.stderr}`);
}

/** Like runSync, but throws unless the exit code is 0. @returns stdout */
export function mustSync(command: readonly string[], options: RunOptions = {}): string {
  return expectSuccess(command, runSync(command, options));
}

/** Runs a command to its end; never rejects for its exit code. */
export async function run(command: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  const child = start(command, options);
  const timer = setTimeout(() => child.signal('SIGKILL'), options.timeout ?? 60_000);
  const status = await child.exited;
  clearTimeout(timer);
  return { status, stdout: child.stdout, stderr: child.stderr };
}

/** Like run, but rejects unless the exit code is 0. @returns stdout */
export async function must(command: readonly string[], options: RunOptions = {}): Promise<string> {
  return expectSuccess(command, await run(command, options));
}

/** A running child; killed on cleanup when it is still there. */
export class Background {
  readonly process: ChildProcess;
  /** Resolves with the exit code (128 + signal), after all output was read. */
  readonly exited: Promise<number>;
  readonly #out: Buffer[] = [];
  readonly #err: Buffer[] = [];
  #status: number | undefined;
  readonly #release: () => void;

  constructor(command: readonly string[], options: RunOptions) {
    const [program, args] = argv(command, options.netns);
    const child = spawn(program, args, {
      stdio: ['pipe', 'pipe', 'pipe'],
      cwd: options.cwd,
      env: { ...process.env, ...options.env },
    });
    this.process = child;
    this.#release = onCleanup(() => void child.kill('SIGKILL'));
    child.stdout.on('data', (chunk: Buffer) => this.#out.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => this.#err.push(chunk));
    // A child that ends without reading its input is judged by its exit code.
    child.stdin.on('error', () => {});
    child.stdin.end(options.input ?? '');
    this.exited = new Promise((resolve) => {
      child.on('error', (error) => {
        this.#err.push(Buffer.from(error.message));
        this.#status = 127;
        resolve(127);
      });
      child.on('close', (code, signal) => {
        this.#status ??= exitStatus(code, signal);
        this.#release();
        resolve(this.#status);
      });
    });
  }

  get pid(): number {
    return this.process.pid!;
  }

  /** What it has written so far. */
  get output(): Buffer {
    return Buffer.concat(this.#out);
  }

  get stdout(): string {
    return this.output.toString();
  }

  get stderr(): string {
    return Buffer.concat(this.#err).toString();
  }

  /** Exit code, undefined while it runs. */
  get status(): number | undefined {
    return this.#status;
  }

  signal(signal: NodeJS.Signals): void {
    this.process.kill(signal);
  }

  /** Sends a signal and waits for the end. @returns the exit code */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number> {
    if (this.#status === undefined) this.signal(signal);
    return this.exited;
  }
}

/** Starts a command that goes on while the test does other things. */
export function start(command: readonly string[], options: RunOptions = {}): Background {
  return new Background(command, options);
}

/** Asks again until the answer is not undefined or false. @throws Error naming `what` after `timeout` milliseconds */
export async function until<T>(
  what: string,
  ask: () => T | undefined | false | Promise<T | undefined | false>,
  timeout = 30_000,
): Promise<T> {
  const end = Date.now() + timeout;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    if (Date.now() > end) throw new Error(`waited ${timeout} ms in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
