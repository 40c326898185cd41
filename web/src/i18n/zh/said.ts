import { ERRORS } from '../../../../src/model/errors.ts';
import { filled, recognise } from '../../../../src/model/messages.ts';
import { hints } from './hints.ts';
import { messages } from './messages.ts';

const HINTS = new Map(
  Object.entries(ERRORS).map(([code, { hint }]) => [hint as string, hints[code as keyof typeof hints]]),
);
/** Messages in messages: a warning, its problem, its reason. */
const DEEPEST = 4;

/** What the daemon says, in Chinese; what has no id stays as it is. */
export function said(text: string, depth = 0): string {
  const hint = HINTS.get(text);
  if (hint !== undefined) return hint;
  const found = depth > DEEPEST ? null : recognise(text);
  if (found === null) return text;
  const values = Object.fromEntries(
    Object.entries(found.values).map(([name, value]) => [name, said(value, depth + 1)]),
  );
  // Any text may have a colon: only what is known on one of its sides is a pair.
  if (found.id === 'pair' && values.what === found.values.what && values.why === found.values.why) return text;
  return filled(messages[found.id], values);
}
