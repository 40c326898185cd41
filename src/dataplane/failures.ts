import { BpfError, VerifierError } from '../ebpf/index.ts';
import { ERRORS, type ErrorCode, NetxfwError } from '../model/errors.ts';

/** A failure of the binding as users see it: the same words, a code of the error table. */
export function toNetxfwError(error: unknown): NetxfwError {
  if (!(error instanceof BpfError)) return NetxfwError.from(error);
  const known = error.code in ERRORS ? (error.code as ErrorCode) : undefined;
  const code = known ?? (error.code === 'BUSY' ? 'CONFLICT' : 'KERNEL_FAILED');
  const details = error instanceof VerifierError ? error.details : undefined;
  return new NetxfwError(code, error.message, {
    cause: error,
    ...(known === undefined || code === 'NOT_FOUND' || code === 'MAP_FULL' ? {} : { hint: error.hint }),
    ...(details === undefined ? {} : { details }),
  });
}

/** Runs an operation on the kernel so that it throws nothing but NetxfwError. */
export function guarded<Result>(operation: () => Result): Result {
  try {
    return operation();
  } catch (error) {
    throw toNetxfwError(error);
  }
}

/** As `guarded`, for what is read piece by piece. */
export function* guardedEach<Item>(operation: () => Iterable<Item>): Generator<Item, void, undefined> {
  try {
    yield* operation();
  } catch (error) {
    throw toNetxfwError(error);
  }
}
