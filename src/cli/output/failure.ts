import type { NetxfwError } from '../../model/errors.ts';
import type { InvalidLine } from '../../model/rules.ts';
import type { Output } from './output.ts';
import { oneLine } from './text.ts';

/** An error as people read it: one line with the offending value, one with the next step. */
export function printFailure(out: Output, error: NetxfwError, stack: boolean): void {
  out.complain(`netxfw: ${oneLine(error.message)}`);
  if (error.hint !== '') out.complain(oneLine(error.hint));
  if (stack) out.complain(String((error.cause as Error | undefined)?.stack ?? error.stack));
}

interface Invalid {
  readonly invalid: number;
  readonly invalidLines: readonly InvalidLine[];
}

/** Invalid lines as `FILE:LINE: what`, the way compilers say it. */
export function printInvalidLines(out: Output, name: string, { invalid, invalidLines }: Invalid): void {
  for (const { line, message } of invalidLines) out.complain(`${oneLine(name)}:${line}: ${oneLine(message)}`);
  const more = invalid - invalidLines.length;
  if (more > 0) out.complain(`${oneLine(name)}: and ${more} more invalid lines`);
}
