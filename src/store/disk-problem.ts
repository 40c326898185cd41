import { accessSync, constants, existsSync, statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import { errnoOf } from './files.ts';

/** Bytes without which the next snapshot or journal record may not fit. */
const LEAST_FREE = 256 * 1024;

const REASONS: Readonly<Record<string, string>> = {
  EROFS: 'its file system is read-only',
  EACCES: 'this process may not write there',
  EPERM: 'this process may not write there',
};

/** Why nothing can be written in a directory, which may be about to be made; null: it can. */
export function diskProblem(directory: string): string | null {
  let place = directory;
  while (!existsSync(place) && dirname(place) !== place) place = dirname(place);
  try {
    accessSync(place, constants.W_OK);
    const { bavail, bsize } = statfsSync(place);
    const free = bavail * bsize;
    return free >= LEAST_FREE ? null : `rules cannot be stored in ${directory}: ${free} bytes are free`;
  } catch (error) {
    const reason = REASONS[errnoOf(error)] ?? (error instanceof Error ? error.message : String(error));
    return `rules cannot be stored in ${directory}: ${reason}`;
  }
}
