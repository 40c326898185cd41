import type { ExplainRequest } from '../../../../src/model/explain.ts';

const TEXTS = ['source', 'destination', 'protocol', 'flags', 'interface', 'fragment', 'direction'] as const;
const NUMBERS = ['sourcePort', 'destinationPort', 'icmpType', 'vlan'] as const;

/** Fields of the form, which are also the names in the page's address. */
export const FIELDS = [...TEXTS, ...NUMBERS] as const;
export type Field = (typeof FIELDS)[number];
export type Fields = Readonly<Partial<Record<Field, string>>>;

/** The packet that the form describes; null without a source. What is wrong in it is the server's to say. */
export function requestFrom(fields: Fields): ExplainRequest | null {
  const source = fields.source?.trim() ?? '';
  if (source === '') return null;
  const given = (names: readonly Field[]) => names.filter((name) => (fields[name] ?? '').trim() !== '');
  return {
    ...Object.fromEntries(given(TEXTS).map((name) => [name, fields[name]!.trim()])),
    ...Object.fromEntries(given(NUMBERS).map((name) => [name, Number(fields[name])])),
    source,
  };
}
