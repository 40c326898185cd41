import { libc } from './library.ts';

/** Returns what the C library's allocator holds and nobody uses to the kernel; other C libraries than GNU's have no such call. */
export function trimHeap(): void {
  try {
    libc().malloc_trim(0);
  } catch {
    // Nothing is lost but the memory.
  }
}
