import { type FileHandle, open, realpath, rename, rm, stat } from 'node:fs/promises';
import { NetxfwError } from '../model/errors.ts';

const CHUNK = 256 * 1024;

/**
 * Opens a file for reading in pieces.
 * @throws NetxfwError FILE_NOT_FOUND, FILE_UNREADABLE
 */
export async function openInput(path: string): Promise<AsyncIterable<Uint8Array>> {
  let file: FileHandle;
  try {
    file = await open(path);
    if ((await file.stat()).isDirectory()) {
      await file.close();
      throw new NetxfwError('FILE_UNREADABLE', `${path} is a directory`, { hint: 'Give a file.' });
    }
  } catch (error) {
    if (error instanceof NetxfwError) throw error;
    throw unreadable(path, error);
  }
  return pieces(path, file);
}

async function* pieces(path: string, file: FileHandle): AsyncGenerator<Uint8Array> {
  try {
    // Streams close the file themselves at the end and when the reader leaves.
    yield* file.createReadStream({ highWaterMark: CHUNK }) as AsyncIterable<Uint8Array>;
  } catch (error) {
    throw unreadable(path, error);
  }
}

function unreadable(path: string, error: unknown): NetxfwError {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return new NetxfwError('FILE_NOT_FOUND', `there is no file ${path}`, { cause: error });
  return new NetxfwError('FILE_UNREADABLE', `${path} cannot be read: ${reasonOf(error)}`, { cause: error });
}

/**
 * Writes a file whole or not at all: an export that fails half-way must not replace the last good one.
 * @throws NetxfwError STORE_WRITE_FAILED
 */
export async function writeOutput(path: string, chunks: AsyncIterable<Uint8Array>): Promise<void> {
  const target = await realpath(path).catch(() => path);
  // A device or a pipe has no content to protect, and must not be replaced by a file.
  const special = await stat(target).then(
    (found) => !found.isFile(),
    () => false,
  );
  const written = special ? target : `${target}.${process.pid}.tmp`;
  try {
    await using file = await open(written, special ? 'w' : 'wx');
    for await (const chunk of chunks) await file.writeFile(chunk);
    if (!special) await file.sync();
    if (!special) await rename(written, target);
  } catch (error) {
    if (!special) await rm(written, { force: true }).catch(() => {});
    if (error instanceof NetxfwError) throw error;
    throw new NetxfwError('STORE_WRITE_FAILED', `${path} cannot be written: ${reasonOf(error)}`, {
      hint: 'Check the path, its permissions and the free space there.',
      cause: error,
    });
  }
}

/** `EACCES: permission denied`, without the call and path that Node adds. */
function reasonOf(error: unknown): string {
  return String((error as Error).message).split(',')[0]!;
}
