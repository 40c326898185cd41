import type { LogRule } from '../../model/config-log.ts';
import type { PluginContext } from '../define.ts';
import { ProtectedAddresses } from '../protected.ts';
import { Blocker } from './blocker.ts';
import { JournalFollower } from './journal.ts';
import { Judge } from './judge.ts';
import { CompiledRule, type LogLine } from './rule.ts';
import { Tail } from './tail.ts';
import type { Position } from './tail-file.ts';

const JOURNALD = 'journald:';
/** Milliseconds between two looks: for new lines, for new files, and until positions are saved. */
const READ = 200;
const DISCOVER = 1000;
const SAVE = 1000;

export interface EngineOptions {
  readonly rules: readonly LogRule[];
  readonly context: Pick<PluginContext<unknown>, 'sdk' | 'store' | 'log' | 'health'>;
  readonly protect?: ProtectedAddresses;
  /** Instead of journalctl, for tests. */
  readonly journalctl?: string;
}

interface Saved {
  readonly files: Readonly<Record<string, Position>>;
  readonly journals: Readonly<Record<string, string>>;
}

/** Reads everything that the rules name, and acts on what they find. */
export class LogEngine {
  lines = 0;
  readonly #context: EngineOptions['context'];
  readonly #blocker: Blocker;
  readonly #tails: Tail[] = [];
  readonly #journals = new Map<string, JournalFollower>();
  readonly #matches = new Map<string, number>();
  readonly #withoutAddress = new Map<string, number>();
  readonly #timers: NodeJS.Timeout[] = [];
  #next: NodeJS.Timeout | undefined;
  #problem: string | undefined;
  #saved = '';
  #told = '';
  #stopped = false;

  /** @throws NetxfwError CONFIG_INVALID naming the rule that is wrong */
  static async start(options: EngineOptions): Promise<LogEngine> {
    const rules = options.rules.map((rule) => new CompiledRule(rule));
    const saved = (await options.context.store.get<Saved>('positions')) ?? { files: {}, journals: {} };
    return new LogEngine(options, rules, saved);
  }

  private constructor(options: EngineOptions, rules: readonly CompiledRule[], saved: Saved) {
    this.#context = options.context;
    const { sdk, log } = options.context;
    const onProblem = (message: string) => this.#problemIs(message);
    this.#blocker = new Blocker({ sdk, log, onProblem, protect: options.protect ?? new ProtectedAddresses() });
    for (const rule of rules) this.#matches.set(rule.config.id, 0);
    for (const [path, own] of byPath(rules)) {
      const judge = new Judge(own);
      if (path.startsWith(JOURNALD)) this.#follow(path, judge, options, saved);
      else {
        const onLines = (_path: string, lines: readonly string[]) => {
          for (const text of lines) this.#judge(judge, { text });
        };
        this.#tails.push(new Tail({ paths: [path], positions: saved.files, onLines, onProblem }));
      }
    }
    this.#read();
    this.#timers.push(
      setInterval(() => {
        for (const tail of this.#tails) tail.discover();
      }, DISCOVER),
      setInterval(() => void this.#save(), SAVE),
    );
    this.#tellHealth();
  }

  /** Whether everything found so far has been acted on. */
  async idle(): Promise<boolean> {
    await this.#blocker.idle();
    return true;
  }

  /** What happened since the start. */
  figures() {
    const { blocked, spared, lost } = this.#blocker;
    return {
      lines: this.lines,
      files: this.#tails.reduce((sum, tail) => sum + tail.size, 0),
      journals: this.#journals.size,
      blocked,
      spared,
      lost,
      rules: [...this.#matches].map(([id, matches]) => ({
        id,
        matches,
        withoutAddress: this.#withoutAddress.get(id) ?? 0,
      })),
    };
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    for (const timer of this.#timers) clearInterval(timer);
    clearTimeout(this.#next);
    await this.#blocker.idle();
    await this.#save();
    for (const tail of this.#tails) tail[Symbol.dispose]();
    for (const journal of this.#journals.values()) journal[Symbol.dispose]();
  }

  #follow(path: string, judge: Judge, { journalctl }: EngineOptions, saved: Saved): void {
    const unit = path.slice(JOURNALD.length);
    this.#journals.set(
      unit,
      new JournalFollower({
        unit,
        cursor: saved.journals[unit],
        onLine: (line) => this.#judge(judge, line),
        onProblem: (message) => this.#problemIs(message),
        ...(journalctl === undefined ? {} : { command: journalctl }),
      }),
    );
  }

  #judge(judge: Judge, line: LogLine): void {
    this.lines++;
    judge.judge(line, Date.now(), (finding) => {
      const { id } = finding.rule.config;
      this.#matches.set(id, this.#matches.get(id)! + 1);
      if (finding.host === undefined) this.#withoutAddress.set(id, (this.#withoutAddress.get(id) ?? 0) + 1);
      if (finding.act) this.#blocker.add(finding);
    });
  }

  /** Reads in portions, so that the thread also gets to other work. */
  #read(): void {
    if (this.#stopped) return;
    let more = false;
    for (const tail of this.#tails) more = tail.read() || more;
    if (more) setImmediate(() => this.#read());
    else this.#next = setTimeout(() => this.#read(), READ);
  }

  async #save(): Promise<void> {
    const files = Object.assign({}, ...this.#tails.map((tail) => tail.positions())) as Saved['files'];
    const cursors = [...this.#journals].flatMap(([unit, { cursor }]) => (cursor === undefined ? [] : [[unit, cursor]]));
    const positions: Saved = { files, journals: Object.fromEntries(cursors) };
    const text = JSON.stringify(positions);
    // Blocks follow the lines that they are for.
    this.#tellHealth();
    if (text === this.#saved) return;
    try {
      await this.#context.store.set('positions', positions);
      this.#saved = text;
    } catch (error) {
      this.#problemIs(`positions cannot be saved: ${(error as Error).message}`);
    }
  }

  #problemIs(message: string): void {
    if (message !== this.#problem) this.#context.log.warn(message);
    this.#problem = message;
    this.#tellHealth();
  }

  #tellHealth(): void {
    const { lines, files, journals, blocked } = this.figures();
    const figures = `${this.#matches.size} rules on ${files} files and ${journals} journals: ${lines} lines, ${blocked} blocked`;
    const message = this.#problem === undefined ? figures : `${this.#problem} (${figures})`;
    if (message === this.#told) return;
    this.#told = message;
    this.#context.health(this.#problem === undefined, message);
  }
}

function byPath(rules: readonly CompiledRule[]): Map<string, CompiledRule[]> {
  const paths = new Map<string, CompiledRule[]>();
  for (const rule of rules) {
    for (const path of rule.paths) paths.set(path, [...(paths.get(path) ?? []), rule]);
  }
  return paths;
}
