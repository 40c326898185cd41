import { NetxfwError } from '../../model/errors.ts';
import { DOCUMENT_VERSION, type Document } from '../documents.ts';
import { type Styles, styles } from './style.ts';
import { oneLine } from './text.ts';

/** A stream as the CLI uses it: process.stdout, or a buffer in tests. */
export interface Sink {
  readonly isTTY?: boolean;
  /** Width of the terminal. */
  readonly columns?: number;
  write(chunk: string | Uint8Array, done: (error?: Error | null) => void): unknown;
  on(event: 'error', listener: (error: Error) => void): unknown;
}

interface Surroundings {
  readonly stdout: Sink;
  readonly stderr: Sink;
  readonly variables: Readonly<Record<string, string | undefined>>;
}

interface Switches {
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly 'no-color'?: boolean;
}

/** Data goes to stdout, everything said about it to stderr. */
export class Output {
  readonly style: Styles;
  /** stdout is a terminal with a reader in front of it. */
  readonly interactive: boolean;
  readonly #stdout: Sink;
  readonly #surroundings: Surroundings;
  readonly #switches: Switches;
  #watched: Sink | undefined;
  #failure: NodeJS.ErrnoException | undefined;

  constructor(surroundings: Surroundings, switches: Switches) {
    const { stdout, variables } = surroundings;
    this.#surroundings = surroundings;
    this.#stdout = stdout;
    this.#switches = switches;
    this.interactive = stdout.isTTY === true;
    const { NO_COLOR, TERM } = variables;
    this.style = styles(this.interactive && !switches['no-color'] && !NO_COLOR && TERM !== 'dumb');
    // A pipe that closes also says so as an event, which would end the process; `write` has seen it already.
    stdout.on('error', (error) => this.#fail(error));
  }

  /** stderr, when something is to be said there. */
  get #stderr(): Sink {
    if (this.#watched === undefined) {
      this.#watched = this.#surroundings.stderr;
      this.#watched.on('error', () => {});
    }
    return this.#watched;
  }

  /** Columns that a line may take; undefined when stdout is no terminal. */
  get width(): number | undefined {
    return this.interactive ? (this.#stdout.columns ?? 80) : undefined;
  }

  /** Nobody reads any more (`netxfw list | head`): more output would be wasted work. */
  get closed(): boolean {
    return this.#failure !== undefined;
  }

  /** Progress can be drawn: somebody watches, and stderr is not for machines. */
  get live(): boolean {
    return this.#stderr.isTTY === true && !this.#switches.quiet && !this.#switches.json;
  }

  /** Data, and waits until the reader has taken it. */
  async write(chunk: string | Uint8Array): Promise<void> {
    if (this.closed) return;
    await new Promise<void>((resolve) => {
      this.#stdout.write(chunk, (error) => {
        if (error) this.#fail(error);
        resolve();
      });
    });
  }

  async line(text = ''): Promise<void> {
    await this.write(`${text}\n`);
  }

  /** What was done, as data for people; with --quiet nothing. */
  async result(text: string): Promise<void> {
    if (!this.#switches.quiet) await this.line(text);
  }

  /** A document of `--json`: always an object that carries its version. */
  async json<D extends Document>(fields: Omit<D, 'version'>): Promise<void> {
    await this.line(JSON.stringify({ version: DOCUMENT_VERSION, ...fields }, null, 2));
  }

  /** A document of a stream of them, one a line. */
  async jsonLine<D extends Document>(fields: Omit<D, 'version'>): Promise<void> {
    await this.line(JSON.stringify({ version: DOCUMENT_VERSION, ...fields }));
  }

  /** Something to know that is neither data nor an error; with --json a line of JSON, like errors. */
  notice(text: string): void {
    if (this.#switches.quiet) return;
    this.complain(this.#switches.json ? JSON.stringify({ notice: text }) : `note: ${oneLine(text)}`);
  }

  /** A question on stderr; the answer follows on the same line. */
  prompt(text: string): void {
    this.#stderr.write(text, () => {});
  }

  /** A line on stderr, also with --quiet. */
  complain(text: string): void {
    this.#stderr.write(`${text}\n`, () => {});
  }

  /** @throws NetxfwError when data could not be written for another reason than a reader that left */
  assertWritten(): void {
    if (this.#failure === undefined || this.#failure.code === 'EPIPE') return;
    throw new NetxfwError('STORE_WRITE_FAILED', `the output cannot be written: ${this.#failure.message}`, {
      hint: 'Check where stdout leads, and the free space there.',
    });
  }

  #fail(error: NodeJS.ErrnoException): void {
    this.#failure ??= error;
  }
}
