/** C0 and C1 controls, and the line separators of Unicode. */
const CONTROL = /[\p{Cc}\u2028\u2029]/gu;
const MOST = 500;
/** More entries than this are only counted. */
const FEW = 5;
/** Parts of a body that may hold a secret: of config.yaml, whole or by key. */
const UNWRITTEN = /^(yaml|plugins|(feeds\.)?lists|(crowdsec\.)?(api_key|url)|plugins\..*)$/;

/** A body as it may stand in the audit log: one line, not too long, without what may be secret; null without one. */
export function auditInput(body: unknown): string | null {
  if (body === undefined || body === null) return null;
  if (Array.isArray(body) && body.length > FEW) return `${body.length} entries`;
  const text = JSON.stringify(body, (key, value) => (UNWRITTEN.test(key) ? 'hidden' : value));
  return text === '{}' ? null : printable(text, MOST);
}

/** Control characters must not reach a terminal or forge a line. */
export function printable(text: string, most: number): string {
  const short = text.length <= most ? text : `${text.slice(0, most)}...`;
  return short.replace(CONTROL, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
