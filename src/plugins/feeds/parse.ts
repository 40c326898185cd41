import type { Feed } from '../../model/config-feeds.ts';
import { NetxfwError } from '../../model/errors.ts';
import { wholeText } from '../web.ts';
import { tooLarge } from './unpack.ts';

/** Longest line, characters: what has none is no list. */
const MAX_LINE = 64 * 2 ** 10;
/** JSON has to be in memory as a whole, as text and as what it says. */
const MAX_JSON = 32 * 2 ** 20;

type Format = Pick<Feed, 'format' | 'column' | 'separator' | 'json_path'>;

/**
 * The texts of a list where its format has the addresses, some at a time; comments and blank lines are left out.
 * @throws NetxfwError INVALID_INPUT, PAYLOAD_TOO_LARGE, and what reading throws
 */
export async function* readEntries(bytes: AsyncIterable<Uint8Array>, feed: Format): AsyncGenerator<Iterable<string>> {
  if (feed.format === 'json') {
    const refuse = () => tooLarge(`JSON may have ${MAX_JSON / 2 ** 20} MiB`);
    yield jsonEntries(await wholeText(bytes, MAX_JSON, refuse), feed.json_path);
  } else {
    const entryOf = feed.format === 'csv' ? csvEntry(feed.column, feed.separator) : textEntry;
    for await (const some of lineBatches(bytes)) yield some.map(entryOf).filter((entry) => entry !== '');
  }
}

/** Lines of UTF-8, without the mark that may begin it. */
async function* lineBatches(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string[]> {
  const decoder = new TextDecoder();
  let begun = '';
  for await (const chunk of bytes) {
    const some = (begun + decoder.decode(chunk, { stream: true })).split('\n');
    begun = some.pop()!;
    if (begun.length > MAX_LINE) throw wrong(`it has a line of more than ${MAX_LINE} characters`);
    yield some;
  }
  yield [begun + decoder.decode()];
}

function textEntry(line: string): string {
  return line
    .replace(/[#;].*$/s, '')
    .trim()
    .split(/\s/, 1)[0]!;
}

function csvEntry(column: number | string, separator: string): (line: string) => string {
  let index = typeof column === 'number' ? column - 1 : -1;
  return (line) => {
    if (line.trim() === '' || line.startsWith('#')) return '';
    const cells = cellsOf(line.replace(/\r$/, ''), separator);
    if (index >= 0) return cells[index]?.trim() ?? '';
    index = cells.indexOf(String(column));
    if (index < 0) throw wrong(`its first line has no column ${column}`);
    return '';
  };
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
    const objects = text.split('\n').filter((line) => line.trim() !== '');
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
