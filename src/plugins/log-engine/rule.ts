import { CelScalar, celEnv, mapType, parse, plan } from '@bufbuild/cel';
import { RE2JS } from 're2js';
import type { LogRule } from '../../model/config-log.ts';
import { parseDuration } from '../../model/durations.ts';
import { NetxfwError } from '../../model/errors.ts';
import type { Prefix } from '../../model/prefixes.ts';
import { firstAddress, parseHost } from './address.ts';

/** A line of a log. */
export interface LogLine {
  readonly text: string;
  /** What the source knows besides the text: journald's fields. */
  readonly fields?: Readonly<Record<string, string>>;
}

export type Match =
  | { readonly host: Prefix }
  /** The line matches, but where the attacker should be there is none. */
  | { readonly host: undefined; readonly found: string };

export interface Action {
  readonly kind: 'log' | 'dynblack' | 'deny';
  /** Seconds; undefined = the default of the kind. */
  readonly ttl: number | undefined;
}

type Fields = Readonly<Record<string, string>>;
type Expression = (input: { readonly line: string; readonly fields: Fields }) => boolean;

const NO_FIELDS: Fields = {};

/** Where RE2 may begin to match. */
const UNANCHORED = 0;
const ANCHOR_START = 1;

/** One rule, ready to judge lines. Regular expressions and expressions take time linear in the line, whatever it holds. */
export class CompiledRule {
  readonly config: LogRule;
  readonly paths: readonly string[];
  readonly action: Action;
  /** Seconds. */
  readonly interval: number;
  readonly #regex: RE2JS | undefined;
  /** It can only match at the beginning, which costs less to say so. */
  readonly #anchored: boolean;
  /** Named groups and their numbers. */
  readonly #groups: readonly (readonly [name: string, index: number])[];
  readonly #expression: Expression | undefined;
  /** Groups or fields where the attacker may stand. */
  readonly #places: readonly string[];
  readonly #needsFields: boolean;

  /** @throws NetxfwError CONFIG_INVALID naming the rule and what is wrong */
  constructor(config: LogRule) {
    this.config = config;
    this.paths = typeof config.path === 'string' ? [config.path] : config.path;
    const [kind, ttl] = config.action.split(':') as [Action['kind'], string?];
    this.action = { kind, ttl: ttl === undefined ? undefined : parseDuration(ttl) };
    this.interval = parseDuration(config.interval);
    this.#regex = config.regex === null ? undefined : compileRegex(config.id, config.regex);
    this.#anchored = config.regex !== null && isAnchored(config.regex);
    this.#groups = this.#regex === undefined ? [] : Object.entries(this.#regex.namedGroups());
    this.#expression = config.expression === null ? undefined : compileExpression(config.id, config.expression);
    this.#places = config.address === 'first' ? [] : config.address.split('|');
    const inGroups = this.#places.every((place) => this.#groups.some(([name]) => name === place));
    this.#needsFields = this.#expression !== undefined || !inGroups;
  }

  /** @returns undefined when the rule does not concern the line */
  match({ text, fields = NO_FIELDS }: LogLine): Match | undefined {
    const { contains, any, none } = this.config;
    for (const part of contains) if (!text.includes(part)) return undefined;
    if (any.length > 0 && !any.some((part) => text.includes(part))) return undefined;
    for (const part of none) if (text.includes(part)) return undefined;
    const groups = this.#regex === undefined ? undefined : this.#find(this.#regex, text);
    if (groups === null) return undefined;
    const known = this.#needsFields ? { ...jsonFields(text), ...fields, ...groups } : groups;
    if (this.#expression !== undefined && !this.#expression({ line: text, fields: known! })) return undefined;
    if (this.#places.length === 0) {
      const host = firstAddress(text);
      return host === undefined ? { host, found: '' } : { host };
    }
    const found = this.#places.map((place) => known?.[place] ?? '').find((value) => value !== '') ?? '';
    const host = parseHost(found);
    return host === undefined ? { host, found } : { host };
  }

  /** The named groups, or null when the line does not match. */
  #find(regex: RE2JS, text: string): Record<string, string> | null {
    // A matcher would look for the match first, and for its groups once more.
    const anchor = this.#anchored ? ANCHOR_START : UNANCHORED;
    const [found, at] = regex.re2().matchWithGroup(text, 0, text.length, anchor, 1 + regex.groupCount());
    if (found !== true) return null;
    const groups: Record<string, string> = {};
    for (const [name, index] of this.#groups) {
      const [start, end] = [at[2 * index] as number, at[2 * index + 1] as number];
      if (start >= 0) groups[name] = text.slice(start, end);
    }
    return groups;
  }
}

function invalid(id: string, what: string, error: unknown): NetxfwError {
  const why = error instanceof Error ? error.message : String(error);
  return new NetxfwError('CONFIG_INVALID', `log rule ${id}: ${what}: ${why}`, { cause: error });
}

function compileRegex(id: string, source: string): RE2JS {
  try {
    // Both ways to name a group are in use.
    return RE2JS.compile(source.replaceAll('(?<', '(?P<'));
  } catch (error) {
    throw invalid(id, 'the regex is not one of RE2', error);
  }
}

/** Whether every way to match begins at the beginning of the text; what is not obvious is not. */
function isAnchored(source: string): boolean {
  let depth = 0;
  for (const [token] of source.matchAll(/\\.|\[\^?\]?(?:\\.|\[:\^?\w+:\]|[^\]\\])*\]|[()|]/gs)) {
    if (token === '(') depth++;
    else if (token === ')') depth--;
    else if (token === '|' && depth === 0) return false;
  }
  return source.startsWith('^') && !/\\Q|\(\?[a-zA-Z]*m/.test(source);
}

const ENVIRONMENT = celEnv({
  variables: { line: CelScalar.STRING, fields: mapType(CelScalar.STRING, CelScalar.STRING) },
});

function compileExpression(id: string, source: string): Expression {
  try {
    const evaluate = plan(ENVIRONMENT, parse(source));
    // An error, such as a field that this line lacks, is no match.
    return ({ line, fields }) => evaluate({ line, fields: new Map(Object.entries(fields)) }) === true;
  } catch (error) {
    throw invalid(id, 'the expression is not CEL', error);
  }
}

/** The top-level values of a line that is a JSON object, or that ends in one. */
function jsonFields(text: string): Fields {
  const start = text.indexOf('{');
  if (start < 0) return NO_FIELDS;
  try {
    const value: unknown = JSON.parse(text.slice(start));
    if (typeof value !== 'object' || value === null) return NO_FIELDS;
    const fields: Record<string, string> = {};
    for (const [name, one] of Object.entries(value)) {
      if (typeof one === 'string' || typeof one === 'number' || typeof one === 'boolean') fields[name] = String(one);
    }
    return fields;
  } catch {
    return NO_FIELDS;
  }
}
