import { chmodSync, mkdirSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { dirname } from 'node:path';
import { NetxfwError } from '../model/errors.ts';

/** What can listen on a socket path: the API's app. */
interface Listener {
  listen(options: { readonly path: string }): Promise<unknown>;
}

/** Longest path that fits sockaddr_un with its NUL (unix(7)). */
const MAX_PATH_BYTES = 107;
const ONLY_OWNER = 0o600;

/**
 * Serves on a socket that only its owner can open. A socket file that a dead process left behind is replaced.
 * @throws NetxfwError LOCKED when another process answers there
 */
export async function listenOnSocket(app: Listener, path: string): Promise<void> {
  if (Buffer.byteLength(path) > MAX_PATH_BYTES) {
    throw new NetxfwError('INVALID_INPUT', `the socket path ${path} is longer than ${MAX_PATH_BYTES} bytes`, {
      hint: 'Choose a shorter paths.run_dir in config.yaml.',
    });
  }
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  if (await answers(path)) throw new NetxfwError('LOCKED', `another process already serves ${path}`);
  rmSync(path, { force: true });
  // Under this mask the file never exists with wider rights, not even between bind and chmod.
  const before = process.umask(0o177);
  try {
    await app.listen({ path });
  } finally {
    process.umask(before);
  }
  chmodSync(path, ONLY_OWNER);
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = connect(path);
    probe.once('connect', () => {
      probe.destroy();
      resolve(true);
    });
    probe.once('error', () => resolve(false));
  });
}
