import { LISTS, type ListName, MAX_REASON_BYTES } from '../model/entries.ts';
import { NetxfwError } from '../model/errors.ts';
import { say } from '../model/messages.ts';

/** Longest TTL, as for durations in text: ten years. */
const MAX_TTL_SECONDS = 10 * 365 * 86400;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const CONTROL = /[\u0000-\u001f\u007f]/;

const encoder = new TextEncoder();

export function checkList(list: string): ListName {
  if (LISTS.includes(list as ListName)) return list as ListName;
  throw new NetxfwError('INVALID_INPUT', `"${list}" is not a list`, { hint: `Use ${LISTS.join(' or ')}.` });
}

/** @param maxBytes what the kernel keeps of it, without the terminating NUL */
export function checkReason(reason: string, maxBytes = MAX_REASON_BYTES): string {
  const bytes = reason.length * 3 <= maxBytes ? reason.length : encoder.encode(reason).length;
  if (bytes > maxBytes) {
    throw new NetxfwError('INVALID_INPUT', say('refused.reasonLong', { bytes, most: maxBytes }), {
      hint: say('refused.reasonLong.do'),
    });
  }
  if (CONTROL.test(reason)) {
    throw new NetxfwError('INVALID_INPUT', `the reason ${JSON.stringify(reason)} holds control characters`, {
      hint: 'Give the reason as one line of text.',
    });
  }
  return reason;
}

/** When something ends that lives `ttl` seconds from now; null without a TTL. */
export function expiryOf(ttl: number | undefined, now: number): number | null {
  if (ttl === undefined) return null;
  if (!Number.isFinite(ttl) || ttl < 1 || ttl > MAX_TTL_SECONDS) {
    throw new NetxfwError('INVALID_DURATION', `a TTL of ${ttl} seconds is not possible: from 1 second to ten years`, {
      hint: say('refused.tooLong.do'),
    });
  }
  return now + Math.round(ttl * 1000);
}
