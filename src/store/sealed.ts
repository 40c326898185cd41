import { createHash } from 'node:crypto';

/** What a person writes in the checksum's place after a change by hand. */
const EDITED = 'edited';
const TEXT_HEAD = /^# netxfw: sha256 ([0-9a-f]{64})\n/;

/** A small JSON document that says by a checksum that it is whole. */
export function sealJson(head: { readonly format: string; readonly version: number }, body: object): string {
  const sealed = { ...head, sha256: checksumOf(JSON.stringify([head, body])), ...body };
  return `${JSON.stringify(sealed, null, 2)}\n`;
}

/**
 * The body of such a document.
 * @param unsealed versions that had no checksum
 * @throws Error saying what is wrong
 */
export function openJson(
  bytes: Buffer,
  { format, version }: { readonly format: string; readonly version: number },
  unsealed: readonly number[] = [],
): Readonly<Record<string, unknown>> {
  const parsed: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) throw new Error('it is no JSON object');
  const { format: of, version: written, sha256, ...body } = parsed as Record<string, unknown>;
  if (sha256 === undefined && unsealed.includes(written as number)) return body;
  if (of !== format) throw new Error(`it is not a ${format}`);
  if (written !== version) throw new Error(`its version is ${JSON.stringify(written)}, not ${version}`);
  if (sha256 !== EDITED && sha256 !== checksumOf(JSON.stringify([{ format, version }, body]))) {
    throw new Error('its checksum does not match its content');
  }
  return body;
}

/** A text with a comment in front of it that says by a checksum that it is whole. */
export function sealText(text: string): string {
  return `# netxfw: sha256 ${checksumOf(text)}\n${text}`;
}

/** @throws Error saying what is wrong */
export function openText(bytes: Buffer): string {
  const sealed = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  const head = TEXT_HEAD.exec(sealed);
  if (head === null) throw new Error('it does not begin with its checksum');
  const text = sealed.slice(head[0].length);
  if (checksumOf(text) !== head[1]) throw new Error('its checksum does not match its content');
  return text;
}

function checksumOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
