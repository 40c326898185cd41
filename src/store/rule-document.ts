import type { EntryGroup, ListName } from '../model/entries.ts';
import { NetxfwError } from '../model/errors.ts';
import { migrate } from './migrations.ts';
import { readPolicy } from './policy-json.ts';
import { parseBinaryDocument } from './rule-binary.ts';
import { parseYamlDocument } from './rule-yaml.ts';
import { FORMAT, groupOf } from './rules-document.ts';
import type { StoredState } from './store.ts';

const PARSERS = {
  json: (bytes: Uint8Array) => JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as unknown,
  yaml: parseYamlDocument,
  binary: parseBinaryDocument,
} as const;

/** Formats that are the same document in different clothes. */
export type DocumentFormat = keyof typeof PARSERS;

/**
 * Reads what was exported.
 * @param name what the data is called in messages
 * @throws NetxfwError INVALID_INPUT
 */
export function parseRuleDocument(bytes: Uint8Array, format: DocumentFormat, name: string): StoredState {
  try {
    return stateOfDocument(PARSERS[format](bytes));
  } catch (error) {
    throw new NetxfwError('INVALID_INPUT', `${name}: ${NetxfwError.from(error).message}`, {
      hint: `Give a file that \`netxfw rule export --format ${format}\` wrote, or text with one address a line.`,
      cause: error,
    });
  }
}

/** What a parsed document of any known version holds. @throws Error saying what is wrong */
export function stateOfDocument(parsed: unknown): StoredState {
  const document = migrate(parsed);
  if (document.format !== FORMAT) throw new Error(`not a document of the format "${FORMAT}"`);
  if (!Array.isArray(document.groups)) throw new Error('"groups" must be a list');
  const lists: Record<ListName, EntryGroup[]> = { allow: [], deny: [] };
  for (const [i, value] of document.groups.entries()) {
    try {
      const { list, group } = groupOf(value);
      lists[list].push(group);
    } catch (error) {
      throw new Error(`groups[${i}]: ${NetxfwError.from(error).message}`);
    }
  }
  return { lists, policy: readPolicy(document) };
}
