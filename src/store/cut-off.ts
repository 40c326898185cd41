import { invalid } from './config-file.ts';

/**
 * Refuses a text that was left over from the one in force when a write of it did not come to its end: all defaults, or a key
 * with half a value, would come into force without anybody having said so.
 * @param applied the text in force; null or undefined when there is none, or nobody knows
 * @throws NetxfwError CONFIG_INVALID
 */
export function refuseCutOff(text: string | null, applied: string | null | undefined, file: string): void {
  if (text === null || applied === null || applied === undefined) return;
  const empty = isEmpty(text);
  if (empty ? isEmpty(applied) : !isBeginning(text, applied)) return;
  const line = text.split('\n').length;
  const what = empty ? 'it is empty' : 'it ends in the middle of a line, at which the configuration in force goes on';
  throw invalid(file, [{ line, key: '', message: `${what}; if that is what you want, write a comment at the end` }]);
}

/** Zeros are what a power failure leaves of blocks that were never written. */
function isEmpty(text: string): boolean {
  return /^[\s\0]*$/.test(text);
}

function isBeginning(text: string, whole: string): boolean {
  const next = whole[text.length];
  return next !== undefined && next !== '\n' && !text.endsWith('\n') && whole.startsWith(text);
}
