import { readdirSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { globSync, isDynamicPattern } from 'tinyglobby';
import { type Position, TailFile } from './tail-file.ts';

export interface TailOptions {
  /** Paths and globs. */
  readonly paths: readonly string[];
  /** Where an earlier run stopped, by path. */
  readonly positions?: Readonly<Record<string, Position>>;
  readonly onLines: (path: string, lines: readonly string[]) => void;
  readonly onProblem: (message: string) => void;
  /** Milliseconds; default Date.now. */
  readonly now?: () => number;
}

/** Bytes read in one go, so that the thread gets to other work under a flood of lines. */
const BUDGET = 2 * 1024 * 1024;
/** A file that was renamed is read for this long after it stopped growing: its writer may not have noticed yet. */
const DRAIN_MS = 10_000;
const MAX_FILES = 1000;
const PACKED = /\.(gz|xz|zst|bz2|lz4|Z)$/;

interface Draining {
  readonly file: TailFile;
  until: number;
}

/** Follows files by name through rotation, by rename or by copying and emptying, and through restarts. */
export class Tail implements Disposable {
  readonly #options: TailOptions;
  readonly #files = new Map<string, TailFile>();
  readonly #draining = new Set<Draining>();
  /** Files that were read to their end under another name. */
  readonly #finished = new Set<string>();
  readonly #refused = new Set<string>();
  readonly #now: () => number;
  #started = false;

  constructor(options: TailOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
    this.discover();
    this.#started = true;
  }

  get size(): number {
    return this.#files.size;
  }

  /** Looks for files that came, went, or were exchanged. Files that appear later are read from their beginning. */
  discover(): void {
    for (const path of this.#paths()) {
      const stats = statOf(path);
      const open = this.#files.get(path);
      if (stats === undefined || open?.isAt(stats)) continue;
      if (open === undefined && this.#isKnown(identityOf(stats))) continue;
      if (open !== undefined) this.#drain(path, open);
      this.#open(path);
    }
  }

  /** Reads what is new. @returns whether there may be more at once */
  read(): boolean {
    let more = false;
    for (const [path, file] of this.#files) {
      const give = (lines: readonly string[]) => this.#options.onLines(path, lines);
      const stats = statOf(path);
      // What was written before the rename comes first.
      more = file.read(BUDGET, give) || more;
      if (stats !== undefined && !file.isAt(stats)) {
        this.#drain(path, file);
        const next = this.#open(path);
        more = next?.read(BUDGET, give) || more;
      }
    }
    for (const one of this.#draining) more = this.#readDraining(one) || more;
    return more;
  }

  /** Where to go on after a restart. */
  positions(): Record<string, Position> {
    return Object.fromEntries([...this.#files].map(([path, file]) => [path, file.position()]));
  }

  [Symbol.dispose](): void {
    for (const file of this.#files.values()) file[Symbol.dispose]();
    for (const { file } of this.#draining) file[Symbol.dispose]();
    this.#files.clear();
    this.#draining.clear();
  }

  #paths(): string[] {
    const { paths, onProblem } = this.#options;
    const found = paths.flatMap((path) => (isDynamicPattern(path) ? matching(path) : [path]));
    const unique = [...new Set(found)];
    if (unique.length > MAX_FILES) onProblem(`${unique.length} log files match; only ${MAX_FILES} are followed`);
    return unique.slice(0, MAX_FILES);
  }

  #isKnown(identity: string): boolean {
    const open = [...this.#files.values(), ...[...this.#draining].map(({ file }) => file)];
    return this.#finished.has(identity) || open.some((file) => identityOf(file) === identity);
  }

  #open(path: string): TailFile | undefined {
    this.#files.delete(path);
    try {
      const file = new TailFile(path);
      this.#files.set(path, file);
      this.#refused.delete(path);
      if (!this.#started) this.#place(path, file);
      return file;
    } catch (error) {
      // Gone again between looking and opening is no problem: it comes back, or it does not.
      const { code, message } = error as NodeJS.ErrnoException;
      if (code !== 'ENOENT' && !this.#refused.has(path)) {
        this.#refused.add(path);
        this.#options.onProblem(`${path} cannot be read: ${message}`);
      }
      return undefined;
    }
  }

  /** At the start: where the last run stopped, also when the file was rotated since; the end of what was never read. */
  #place(path: string, file: TailFile): void {
    const position = this.#options.positions?.[path];
    if (position === undefined) file.skipToEnd();
    if (position === undefined || file.resume(position) || file.isAt(position)) return;
    const rotated = rotatedFile(path, position);
    if (rotated !== undefined) this.#drain(path, rotated);
  }

  #drain(path: string, file: TailFile): void {
    this.#files.delete(path);
    this.#draining.add({ file, until: this.#now() + DRAIN_MS });
  }

  #readDraining(one: Draining): boolean {
    const give = (lines: readonly string[]) => {
      one.until = this.#now() + DRAIN_MS;
      this.#options.onLines(one.file.path, lines);
    };
    const more = one.file.read(BUDGET, give);
    if (more || this.#now() < one.until) return more;
    const rest = one.file.flush();
    if (rest.length > 0) this.#options.onLines(one.file.path, rest);
    one.file[Symbol.dispose]();
    this.#draining.delete(one);
    this.#finished.add(identityOf(one.file));
    return false;
  }
}

function matching(glob: string): string[] {
  const found = globSync(glob, { absolute: true, dot: true, expandDirectories: false });
  return found.filter((path) => !PACKED.test(path)).sort();
}

function identityOf({ dev, ino }: { readonly dev: number; readonly ino: number }): string {
  return `${dev}:${ino}`;
}

function statOf(path: string) {
  try {
    const stats = statSync(path);
    return stats.isFile() ? stats : undefined;
  } catch {
    return undefined;
  }
}

/** The file that had this name when the last run stopped, beside it under its new name. */
function rotatedFile(path: string, position: Position): TailFile | undefined {
  const directory = dirname(path);
  for (const name of readdirSync(directory)) {
    const candidate = join(directory, name);
    if (!name.startsWith(basename(path)) || statOf(candidate)?.ino !== position.ino) continue;
    const file = new TailFile(candidate);
    if (file.resume(position)) return file;
    file[Symbol.dispose]();
  }
  return undefined;
}
