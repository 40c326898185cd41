import { libc } from './library.ts';

const SIG_BLOCK = 0;
const SIG_SETMASK = 2;
/** sigset_t of glibc and musl, bytes. */
const SIGSET = 128;

/**
 * Runs work during which no signal reaches this thread; those that come meanwhile are delivered afterwards. The verifier gives up
 * (EAGAIN) when one waits, and libbpf tries only five times.
 */
export function undisturbed<Result>(work: () => Result): Result {
  const before = new Uint8Array(SIGSET);
  libc().pthread_sigmask(SIG_BLOCK, new Uint8Array(SIGSET).fill(0xff), before);
  try {
    return work();
  } finally {
    libc().pthread_sigmask(SIG_SETMASK, before, new Uint8Array(SIGSET));
  }
}
