import { libbpf, libc, registerPrint, stringAt } from './library.ts';
import type { CodePtr, MemoryPtr } from './pointers.ts';

const DEBUG = 2;

let printer: CodePtr | undefined;
let lines: string[] = [];

/** A va_list is passed by address on x86-64, arm64, riscv64 and s390x alike, so vasprintf can be given what we were. */
function print(level: number, format: MemoryPtr, args: MemoryPtr): number {
  if (level >= DEBUG) return 0;
  const out = new BigUint64Array(1);
  if (libc().vasprintf(out, format, args) < 0) return 0;
  const text = out[0] as MemoryPtr;
  lines.push(
    stringAt(text)
      .replace(/^libbpf: /, '')
      .trimEnd(),
  );
  libc().free(text);
  return 0;
}

/**
 * Runs one operation and collects what libbpf would have written to stderr, one string per message. libbpf has one
 * printer per process, so only one thread may use this folder.
 */
export function captureMessages<Result>(operation: () => Result): { result: Result; messages: string[] } {
  const { libbpf_set_print } = libbpf();
  printer ??= registerPrint(print);
  const outer = lines;
  lines = [];
  libbpf_set_print(printer);
  try {
    return { result: operation(), messages: lines };
  } finally {
    lines = outer;
    libbpf_set_print(null);
  }
}

/** Splits a program's verifier log off the messages of a failed load. */
export function findVerifierLog(messages: readonly string[]): { program: string; log: string } | undefined {
  for (const message of messages) {
    const match = /^prog '([^']*)': -- BEGIN PROG LOAD LOG --\n([\s\S]*?)\n?-- END PROG LOAD LOG --/.exec(message);
    if (match) return { program: match[1]!, log: match[2]! };
  }
  return undefined;
}
