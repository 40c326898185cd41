import type { Feed } from '../../model/config-feeds.ts';
import { NetxfwError } from '../../model/errors.ts';

/** The texts of a list where its format has the addresses; comments and blank lines are left out. */
export function* readEntries(text: string, feed: Pick<Feed, 'format' | 'column' | 'separator' | 'json_path'>) {
  if (feed.format === 'json') yield* jsonEntries(text, feed.json_path);
  else if (feed.format === 'csv') yield* csvEntries(text, feed.column, feed.separator);
  else yield* textEntries(text);
}

function* lines(text: string): Generator<string> {
  for (let from = 0; from < text.length; ) {
    const end = text.indexOf('\n', from);
    yield text.slice(from, end < 0 ? text.length : end);
    if (end < 0) return;
    from = end + 1;
  }
}

function* textEntries(text: string): Generator<string> {
  for (const line of lines(text)) {
    const entry = line
      .replace(/[#;].*$/s, '')
      .trim()
      .split(/\s/, 1)[0]!;
    if (entry !== '') yield entry;
  }
}

function* csvEntries(text: string, column: number | string, separator: string): Generator<string> {
  let index = typeof column === 'number' ? column - 1 : -1;
  for (const line of lines(text)) {
    if (line.trim() === '' || line.startsWith('#')) continue;
    const cells = cellsOf(line.replace(/\r$/, ''), separator);
    if (index < 0) {
      index = cells.indexOf(String(column));
      if (index < 0) throw wrong(`its first line has no column ${column}`);
      continue;
    }
    const cell = cells[index]?.trim() ?? '';
    if (cell !== '') yield cell;
  }
}

/** RFC 4180 without line breaks inside of cells. */
function cellsOf(line: string, separator: string): string[] {
  if (!line.includes('"')) return line.split(separator);
  const cells: string[] = [];
  let cell = '';
  let quoted = false;
  for (let i = 0; i < line.length; i++) {
    const char = line[i]!;
    if (quoted && char === '"' && line[i + 1] === '"') cell += line[i++];
    else if (char === '"') quoted = !quoted;
    else if (char === separator && !quoted) {
      cells.push(cell);
      cell = '';
    } else cell += char;
  }
  return [...cells, cell];
}

/** `a.b[].c`: names of members, and `[]` for every element of a list. JSON lines are taken as one list. */
function* jsonEntries(text: string, path: string): Generator<string> {
  const steps = path.match(/\[\]|[^.[\]]+/g) ?? [];
  let values: unknown[] = [parseJson(text)];
  for (const step of steps) {
    values = values.flatMap((value) => {
      if (step === '[]') return Array.isArray(value) ? value : [];
      const member = typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[step] : undefined;
      return member === undefined || member === null ? [] : [member];
    });
  }
  for (const value of values) if (typeof value === 'string') yield value.trim();
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const objects = [...lines(text)].filter((line) => line.trim() !== '');
    try {
      return objects.map((line) => JSON.parse(line));
    } catch {
      throw wrong(`it is not JSON: ${(error as Error).message}`);
    }
  }
}

function wrong(why: string): NetxfwError {
  return new NetxfwError('INVALID_INPUT', why, { hint: 'Check the format, column or json_path of the feed.' });
}
