import * as z from 'zod';
import { ConfigSchema } from './config.ts';

type Path = readonly PropertyKey[];

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

function schemaAt(path: Path): z.core.$ZodType | undefined {
  let schema: z.core.$ZodType | undefined = ConfigSchema;
  for (const key of path) {
    const inner: z.core.$ZodType | undefined = schema && core(schema);
    if (inner instanceof z.ZodObject) schema = inner.shape[String(key)];
    else if (inner instanceof z.ZodArray) schema = inner.element;
    else return undefined;
  }
  return schema;
}

/** `section`, `list` or `value`: what config.yaml may hold at a path; undefined when the path is not known. */
export function kindAt(path: Path): 'section' | 'list' | 'value' | undefined {
  const schema = schemaAt(path);
  if (schema === undefined) return undefined;
  const inner = core(schema);
  return inner instanceof z.ZodObject ? 'section' : inner instanceof z.ZodArray ? 'list' : 'value';
}

/** True when `null` itself is a value there. */
export function takesNull(path: Path): boolean {
  const schema = schemaAt(path);
  return schema !== undefined && z.safeParse(schema, null).success;
}

/** The keys of the section at a path. */
export function keysAt(path: Path): string[] {
  const schema = schemaAt(path);
  const inner = schema && core(schema);
  return inner instanceof z.ZodObject ? Object.keys(inner.shape) : [];
}

/** Every key of the schema outside of lists, dotted: `base`, `base.default_deny`, ... */
export function allKeys(path: readonly string[] = []): string[] {
  return keysAt(path).flatMap((key) => [[...path, key].join('.'), ...allKeys([...path, key])]);
}

/**
 * The known key that the writer of an unknown one most likely meant: one of the same section, or the same name in another
 * section; undefined when nothing is near.
 */
export function nearestKey(section: readonly string[], unknown: string): string | undefined {
  const here = keysAt(section).map((key) => ({ key, distance: distance(unknown, key) }));
  const best = here.sort((a, b) => a.distance - b.distance)[0];
  const limit = Math.max(1, Math.floor(unknown.length / 3));
  if (best !== undefined && best.distance <= limit) return best.key;
  return allKeys().find((key) => key.split('.').at(-1) === unknown);
}

/** Levenshtein distance, with a swap of neighbours as one step. */
function distance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let cost = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        cost = Math.min(cost, beforeLast[j - 2]! + 1);
      row.push(cost);
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length]!;
}
