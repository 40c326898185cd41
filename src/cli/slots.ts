import { NetxfwError } from '../model/errors.ts';

/** Slots 0 and 1 of the jump table are the core's own. */
const FIRST = 2;
const LAST = 15;

export const SLOT_ARGUMENT = { help: `place in the order of plugins, ${FIRST} to ${LAST}` } as const;

/** @throws NetxfwError USAGE */
export function slotNumber(text: string): number {
  const slot = Number(text);
  if (/^\d{1,2}$/.test(text) && slot >= FIRST && slot <= LAST) return slot;
  throw new NetxfwError('USAGE', `SLOT is "${text}": it must be a number from ${FIRST} to ${LAST}`);
}
