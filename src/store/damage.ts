import { createHash } from 'node:crypto';
import { NetxfwError } from '../model/errors.ts';
import { writeFileAtomically } from './atomic-file.ts';
import type { Files } from './files.ts';

/**
 * The refusal of a damaged file. A copy of it is made beside it, once for the same content, so that neither repair nor a
 * restarting service loses or multiplies it.
 * @param next what the operator can do
 */
export function damaged(files: Files, path: string, bytes: Buffer, what: string, next: string): NetxfwError {
  const copy = `${path}.damaged-${createHash('sha256').update(bytes).digest('hex').slice(0, 12)}`;
  let kept = `a copy is kept as ${copy}`;
  try {
    if (files.mode(copy) === null) writeFileAtomically(files, copy, bytes);
  } catch {
    kept = 'no copy could be made';
  }
  return new NetxfwError('STORE_DAMAGED', `${path} is damaged: ${what}; ${kept}`, {
    hint: next,
    details: { file: path, copy, problem: what },
  });
}
