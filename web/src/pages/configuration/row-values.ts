import * as z from 'zod';
import type { Cell, RowShape } from './fields.ts';

/** What the fields of a row hold while they are edited, by the names of its cells. */
export type RowInput = Readonly<Record<string, unknown>>;

export interface CheckedRow {
  /** As it stands in the file; undefined when something is wrong. */
  readonly row: unknown;
  /** By the names of the cells; what concerns the whole row has no name. */
  readonly errors: Readonly<Record<string, string>>;
}

export function inputOf({ cells }: RowShape, row: unknown): RowInput {
  const values = isSingle(cells) ? { '': row } : ((row ?? {}) as Record<string, unknown>);
  return Object.fromEntries(cells.map(({ name, standard }) => [name, values[name] ?? standard ?? '']));
}

/** Judges a row by the schema that judges the file. @param before the row that is changed */
export function checkRow({ schema, cells }: RowShape, input: RowInput, before: unknown): CheckedRow {
  const given = cells.flatMap((cell): [string, unknown][] => {
    const value = written(cell, input[cell.name]);
    const wasGiven = typeof before === 'object' && before !== null && cell.name in before;
    if (value === undefined || (value === cell.standard && !wasGiven)) return [];
    return [[cell.name, value]];
  });
  const row = isSingle(cells) ? given[0]?.[1] : Object.fromEntries(given);
  const { success, error } = z.safeParse(schema, row);
  if (success) return { row, errors: {} };
  const errors = error.issues.map(({ path, message }): [string, string] => [String(path[0] ?? ''), message]);
  return { row: undefined, errors: Object.fromEntries(errors.reverse()) };
}

/** A row on one line. */
export function rowText(row: unknown): string {
  if (typeof row !== 'object' || row === null) return String(row);
  return Object.entries(row)
    .map(([key, value]) => `${key}: ${value}`)
    .join(', ');
}

const isSingle = (cells: readonly Cell[]): boolean => cells.length === 1 && cells[0]!.name === '';

/** Ports are written as numbers; what is empty is left out. */
function written({ schema }: Cell, value: unknown): unknown {
  if (typeof value !== 'string') return value;
  const text = value.trim();
  if (text === '') return undefined;
  return /^\d{1,15}$/.test(text) && z.safeParse(schema, Number(text)).success ? Number(text) : text;
}
