import * as z from 'zod';
import { ConfigSchema, defaultConfig } from '../../../../src/model/config.ts';

/** How a key of the configuration is edited. */
export type FieldKind =
  | { readonly type: 'flag' }
  | { readonly type: 'choice'; readonly options: readonly string[] }
  | { readonly type: 'number' }
  | { readonly type: 'text' }
  /** Texts or numbers, one a row. */
  | { readonly type: 'items'; readonly row: RowShape }
  /** Sections that are all alike and have no parts of their own, one a row. */
  | { readonly type: 'rows'; readonly row: RowShape }
  /** Sections of varying shape, which only the text shows. */
  | { readonly type: 'entries' };

export interface RowShape {
  /** Says whether a whole row is right. */
  readonly schema: z.core.$ZodType;
  /** One without a name when the row is a single value. */
  readonly cells: readonly Cell[];
}

export interface Cell {
  readonly name: string;
  readonly kind: FieldKind;
  readonly schema: z.core.$ZodType;
  /** What holds when it is left out; undefined when it must be given, or may really be absent. */
  readonly standard: unknown;
  readonly required: boolean;
}

export interface ConfigField {
  /** `base.default_deny` */
  readonly key: string;
  readonly path: readonly string[];
  readonly kind: FieldKind;
  readonly standard: unknown;
}

export interface ConfigSection {
  /** First part of its keys. */
  readonly name: string;
  readonly fields: readonly ConfigField[];
}

/** The order in which an operator looks for things. */
const ORDER = ['mode', 'base', 'whitelist', 'port', 'rate_limit', 'conntrack', 'capacity', 'events'];

/** Everything that config.yaml may hold, from the one schema. */
export function configSections(): ConfigSection[] {
  const names = Object.keys(ConfigSchema.shape);
  const sorted = [...ORDER, ...names.filter((name) => !ORDER.includes(name))];
  return sorted.map((name) => ({ name, fields: fieldsOf(ConfigSchema.shape[name as never], [name]) }));
}

function fieldsOf(schema: z.core.$ZodType, path: readonly string[]): ConfigField[] {
  const inner = core(schema);
  if (inner instanceof z.ZodObject) {
    return Object.entries(inner.shape).flatMap(([key, value]) => fieldsOf(value as z.core.$ZodType, [...path, key]));
  }
  return [{ key: path.join('.'), path, kind: kindOf(inner), standard: valueAt(defaultConfig(), path) }];
}

function kindOf(schema: z.core.$ZodType): FieldKind {
  if (schema instanceof z.ZodBoolean) return { type: 'flag' };
  if (schema instanceof z.ZodEnum) return { type: 'choice', options: schema.options.map(String) };
  if (schema instanceof z.ZodNumber) return { type: 'number' };
  if (schema instanceof z.ZodArray) return listKind(schema.element);
  return { type: 'text' };
}

function listKind(schema: z.core.$ZodType): FieldKind {
  const inner = core(schema);
  if (!(inner instanceof z.ZodObject)) return { type: 'items', row: { schema, cells: [cellOf('', schema)] } };
  const shape = Object.entries(inner.shape) as [string, z.core.$ZodType][];
  if (!shape.every(([, value]) => isPlain(core(value)))) return { type: 'entries' };
  return { type: 'rows', row: { schema, cells: shape.map(([name, value]) => cellOf(name, value)) } };
}

function cellOf(name: string, schema: z.core.$ZodType): Cell {
  const left = z.safeParse(schema, undefined);
  return { name, kind: kindOf(core(schema)), schema, standard: left.data, required: !left.success };
}

/** One value, not several. */
function isPlain(schema: z.core.$ZodType): boolean {
  if (schema instanceof z.ZodUnion) return schema.options.every((option) => isPlain(core(option)));
  return [z.ZodBoolean, z.ZodEnum, z.ZodNumber, z.ZodString].some((kind) => schema instanceof kind);
}

/** The schema without what wraps it: defaults and null. */
function core(schema: z.core.$ZodType): z.core.$ZodType {
  let inner = schema;
  while (
    inner instanceof z.ZodDefault ||
    inner instanceof z.ZodPrefault ||
    inner instanceof z.ZodNullable ||
    inner instanceof z.ZodOptional
  ) {
    inner = inner.def.innerType;
  }
  return inner;
}

export function valueAt(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (at, key) => (typeof at === 'object' && at !== null ? (at as Record<string, unknown>)[key] : undefined),
    value,
  );
}
