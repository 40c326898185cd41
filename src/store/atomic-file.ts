import { directoryOf, errnoOf, type Files, writeAll } from './files.ts';

/** Suffix of the file while it is written; a leftover of a crash is overwritten by the next write. */
const TEMPORARY = '.tmp';

export interface AtomicOptions {
  readonly mode?: number;
  /** The old file stays under this name, and returns when the new one cannot be made durable. */
  readonly keepOldAs?: string;
}

/** The new content was in place but may not be durable: after a power failure the path holds either content. */
export class UncertainReplaceError extends Error {
  override readonly name = 'UncertainReplaceError';
}

/**
 * Replaces a file as a whole: at every moment, also after a power failure, the path holds the old content or all of the
 * new one. When it throws, the path holds the old content, durably unless the error is an UncertainReplaceError.
 * @param fill writes the content through the function that it is given, which takes a position
 */
export function replaceFile(
  files: Files,
  path: string,
  fill: (write: (bytes: Uint8Array, position: number) => void) => void,
  options: AtomicOptions = {},
): void {
  const temporary = path + TEMPORARY;
  let hadOld = false;
  try {
    const fd = files.create(temporary, options.mode ?? 0o600);
    try {
      fill((bytes, position) => writeAll(files, fd, bytes, position));
      files.fsync(fd);
    } finally {
      files.close(fd);
    }
    if (options.keepOldAs !== undefined) hadOld = linkOld(files, path, options.keepOldAs);
    files.rename(temporary, path);
  } catch (error) {
    attempt(() => files.remove(temporary));
    throw error;
  }
  try {
    files.fsyncDirectory(directoryOf(path));
  } catch (error) {
    if (options.keepOldAs !== undefined) {
      attempt(() => (hadOld ? files.rename(options.keepOldAs!, path) : files.remove(path)));
      attempt(() => files.fsyncDirectory(directoryOf(path)));
    }
    throw new UncertainReplaceError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

/** Writes a small file as a whole. */
export function writeFileAtomically(
  files: Files,
  path: string,
  content: string | Uint8Array,
  options: AtomicOptions = {},
): void {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  replaceFile(files, path, (write) => write(bytes, 0), options);
}

/** @returns whether there is an old file */
function linkOld(files: Files, path: string, name: string): boolean {
  files.remove(name);
  try {
    files.link(path, name);
    return true;
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return false;
    throw error;
  }
}

function attempt(work: () => void): void {
  try {
    work();
  } catch {
    // The first error is the one to report.
  }
}
