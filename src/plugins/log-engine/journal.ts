import { type ChildProcess, spawn } from 'node:child_process';
import { LineSplitter } from './lines.ts';
import type { LogLine } from './rule.ts';

export interface JournalOptions {
  readonly unit: string;
  /** Where an earlier run stopped. */
  readonly cursor?: string | undefined;
  readonly onLine: (line: LogLine) => void;
  readonly onProblem: (message: string) => void;
  /** Instead of journalctl, for tests. */
  readonly command?: string;
  /** First pause before it is started again, milliseconds; doubled up to a minute. */
  readonly pause?: number;
}

const MAX_PAUSE = 60_000;
/** It ran this long: the next failure is a new one. */
const HEALTHY_MS = 30_000;

/** Follows one unit of the journal through `journalctl`, which is started again whenever it ends. */
export class JournalFollower implements Disposable {
  cursor: string | undefined;
  readonly #options: JournalOptions;
  #child: ChildProcess | undefined;
  #retry: NodeJS.Timeout | undefined;
  #pause: number;
  #closed = false;

  constructor(options: JournalOptions) {
    this.#options = options;
    this.cursor = options.cursor;
    this.#pause = options.pause ?? 1000;
    this.#start();
  }

  [Symbol.dispose](): void {
    this.#closed = true;
    clearTimeout(this.#retry);
    this.#child?.kill('SIGTERM');
  }

  #start(): void {
    const { unit, command = 'journalctl', onProblem } = this.#options;
    const from = this.cursor === undefined ? ['--lines=0'] : [`--after-cursor=${this.cursor}`];
    const startedAt = Date.now();
    const lines = new LineSplitter();
    const child = spawn(command, ['--follow', '--output=json', `--unit=${unit}`, '--quiet', ...from], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => {
      for (const line of lines.push(chunk)) this.#receive(line);
    });
    child.stderr.on('data', (chunk: Buffer) => {
      said = (said + chunk.toString('utf8')).slice(-500);
    });
    let ended = false;
    const end = (why: string) => {
      if (ended || this.#closed) return;
      ended = true;
      if (Date.now() - startedAt > HEALTHY_MS) this.#pause = this.#options.pause ?? 1000;
      onProblem(`the journal of ${unit} cannot be followed: ${why}; trying again`);
      this.#retry = setTimeout(() => this.#start(), this.#pause);
      this.#pause = Math.min(MAX_PAUSE, this.#pause * 2);
    };
    child.on('error', (error) => end(error.message));
    child.on('close', (code, signal) => end(said.trim() || `it ended with ${signal ?? `exit code ${code}`}`));
  }

  #receive(json: string): void {
    let entry: Record<string, unknown>;
    try {
      entry = JSON.parse(json);
    } catch {
      return;
    }
    if (typeof entry.__CURSOR === 'string') this.cursor = entry.__CURSOR;
    const message = textOf(entry.MESSAGE);
    if (message === undefined) return;
    const fields: Record<string, string> = {};
    for (const [name, value] of Object.entries(entry)) if (typeof value === 'string') fields[name] = value;
    const { SYSLOG_IDENTIFIER: identifier = '', _PID: pid } = fields;
    const head = identifier === '' ? '' : `${identifier}${pid === undefined ? '' : `[${pid}]`}: `;
    // As syslog would have written it, so that one rule reads both.
    for (const line of message.split('\n')) this.#options.onLine({ text: head + line, fields });
  }
}

/** journalctl gives text that is not UTF-8 as a list of bytes. */
function textOf(message: unknown): string | undefined {
  if (typeof message === 'string') return message;
  return Array.isArray(message) ? Buffer.from(message as number[]).toString('utf8') : undefined;
}
