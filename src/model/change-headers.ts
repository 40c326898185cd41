import { NetxfwError } from './errors.ts';
import { type ChangeOptions, RISKS, type Risk } from './operations.ts';

/** ChangeOptions as headers of a request, so that every method and kind of body can carry them. */
export const PROTECT_HEADER = 'x-netxfw-protect';
export const ACCEPT_RISK_HEADER = 'x-netxfw-accept-risk';
export const CONFIRM_HEADER = 'x-netxfw-confirm';
export const ORIGIN_HEADER = 'x-netxfw-origin';

const MAX_PROTECTED = 32;
const MAX_CONFIRM = 86_400;

type Headers = Readonly<Record<string, string>>;

export function toChangeHeaders({ protect, acceptRisk, confirm, origin }: ChangeOptions = {}): Headers {
  return {
    ...(protect?.length ? { [PROTECT_HEADER]: protect.join(',') } : {}),
    ...(acceptRisk?.length ? { [ACCEPT_RISK_HEADER]: acceptRisk.join(',') } : {}),
    ...(confirm === undefined ? {} : { [CONFIRM_HEADER]: String(confirm) }),
    // A header holds ASCII only.
    ...(origin === undefined ? {} : { [ORIGIN_HEADER]: encodeURIComponent(origin) }),
  };
}

/** @throws NetxfwError INVALID_INPUT naming the header */
export function fromChangeHeaders(
  headers: Readonly<Record<string, string | readonly string[] | undefined>>,
): ChangeOptions {
  const protect = items(headers[PROTECT_HEADER]);
  const acceptRisk = items(headers[ACCEPT_RISK_HEADER]);
  const unknown = acceptRisk.find((risk) => !RISKS.includes(risk as Risk));
  if (unknown !== undefined) throw refusal(ACCEPT_RISK_HEADER, unknown, `it takes ${RISKS.join(', ')}`);
  if (protect.length > MAX_PROTECTED) {
    throw refusal(PROTECT_HEADER, `${protect.length} addresses`, `it takes up to ${MAX_PROTECTED}`);
  }
  const origin = headers[ORIGIN_HEADER];
  const confirm = seconds(headers[CONFIRM_HEADER]);
  return {
    ...(protect.length > 0 ? { protect } : {}),
    ...(acceptRisk.length > 0 ? { acceptRisk: acceptRisk as Risk[] } : {}),
    ...(confirm === undefined ? {} : { confirm }),
    ...(typeof origin === 'string' ? { origin: decoded(origin) } : {}),
  };
}

function seconds(value: string | readonly string[] | undefined): number | undefined {
  if (value === undefined) return undefined;
  const text = String(value);
  const number = Number(text);
  if (!/^\d{1,6}$/.test(text) || number < 1 || number > MAX_CONFIRM) {
    throw refusal(CONFIRM_HEADER, text, `it takes seconds from 1 to ${MAX_CONFIRM}`);
  }
  return number;
}

function items(value: string | readonly string[] | undefined): string[] {
  return String(value ?? '')
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text).slice(0, 100);
  } catch {
    throw refusal(ORIGIN_HEADER, text, 'it is percent-encoded');
  }
}

function refusal(header: string, value: string, rule: string): NetxfwError {
  return new NetxfwError('INVALID_INPUT', `header ${header}: ${JSON.stringify(value.slice(0, 80))}: ${rule}`);
}
