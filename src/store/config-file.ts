import { type Document, isMap, isNode, isPair, isScalar, LineCounter, parseDocument, stringify } from 'yaml';
import { type Config, ConfigSchema, defaultConfig } from '../model/config.ts';
import { kindAt, nearestKey, takesNull } from '../model/config-keys.ts';
import { NetxfwError } from '../model/errors.ts';
import { DEFAULT_CONFIG_FILE } from '../model/paths.ts';
import { writeFileAtomically } from './atomic-file.ts';
import { directoryOf, errnoOf, type Files, nodeFiles } from './files.ts';

/** One mistake in a configuration file. */
export interface ConfigProblem {
  /** Counted from 1. */
  readonly line: number;
  /** Dotted, `base.default_deny` or `port.ip_port_rules[0].action`; empty for a mistake of the syntax. */
  readonly key: string;
  readonly message: string;
}

type Key = string | number;

/**
 * Reads a configuration file; never writes one. Without a file at the default path everything has its default.
 * @throws NetxfwError CONFIG_NOT_FOUND, FILE_UNREADABLE, or CONFIG_INVALID with details {file, problems}
 */
export function readConfig(path: string = DEFAULT_CONFIG_FILE, files: Files = nodeFiles): Config {
  const text = readConfigText(path, files, path === DEFAULT_CONFIG_FILE);
  return text === null ? defaultConfig() : parseConfig(text, path);
}

/**
 * Parses the text of a configuration file.
 * @param file its name in messages
 * @throws NetxfwError CONFIG_INVALID with details {file, problems}
 */
export function parseConfig(text: string, file: string): Config {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  if (document.errors.length > 0) {
    throw invalid(
      file,
      document.errors.map(({ pos, message }) => ({
        line: lines.linePos(pos[0]).line,
        key: '',
        message: oneLine(message),
      })),
    );
  }
  const result = ConfigSchema.safeParse(contentOf(document, file));
  if (result.success) return result.data;
  const problems = result.error.issues.flatMap((issue) => problemsOf(issue, document, lines));
  throw invalid(
    file,
    problems.sort((a, b) => a.line - b.line),
  );
}

function contentOf(document: Document, file: string): unknown {
  try {
    return withoutEmpty(document.toJS() ?? {}, []);
  } catch {
    // An alias that holds itself, or that stands for a file many times as large.
    throw invalid(file, [
      { line: 1, key: '', message: 'its aliases cannot be resolved: write out what they stand for' },
    ]);
  }
}

/**
 * Changes keys of a configuration file and leaves comments, order and everything else as they are.
 * @param changes dotted key -> value; undefined removes the key, so that its default holds
 * @returns the configuration as it is now
 * @throws NetxfwError CONFIG_INVALID before anything is written, STORE_WRITE_FAILED
 */
export function changeConfig(
  path: string,
  changes: Readonly<Record<string, unknown>>,
  files: Files = nodeFiles,
): Config {
  const text = readConfigText(path, files, true) ?? '';
  parseConfig(text, path);
  const changed = withKeys(text, changes);
  const config = parseConfig(changed, path);
  if (changed !== text) writeConfigText(path, changed, files);
  return config;
}

/** The text with other values for some keys, and everything else as it is. */
export function withKeys(text: string, changes: Readonly<Record<string, unknown>>): string {
  return Object.entries(changes).reduce((changed, [key, value]) => withKey(changed, key.split('.'), value), text);
}

/** Writes the text as a whole; null removes the file. @throws NetxfwError STORE_WRITE_FAILED */
export function writeConfigText(path: string, text: string | null, files: Files = nodeFiles, mode = 0o644): void {
  try {
    if (text === null) {
      files.remove(path);
      return;
    }
    files.makeDirectory(directoryOf(path), 0o755);
    writeFileAtomically(files, path, text, { mode: files.mode(path) ?? mode });
  } catch (error) {
    throw new NetxfwError('STORE_WRITE_FAILED', `${path} could not be written: ${NetxfwError.from(error).message}`, {
      hint: 'Check free space and permissions of its directory.',
      cause: error,
    });
  }
}

/**
 * @param optional null instead of an error when there is no file
 * @throws NetxfwError CONFIG_NOT_FOUND, FILE_UNREADABLE
 */
export function readConfigText(path: string, files: Files = nodeFiles, optional = false): string | null {
  let bytes: Buffer | null;
  try {
    bytes = files.read(path);
    if (bytes !== null) return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    const why =
      errnoOf(error) === '' || errnoOf(error) === 'ERR_ENCODING_INVALID_ENCODED_DATA'
        ? 'not UTF-8 text'
        : errnoOf(error);
    throw new NetxfwError('FILE_UNREADABLE', `${path} cannot be read: ${why}`, { cause: error });
  }
  if (optional) return null;
  throw new NetxfwError('CONFIG_NOT_FOUND', `${path} does not exist`);
}

function withKey(text: string, key: readonly string[], value: unknown): string {
  const document = parseDocument(text);
  const node = document.getIn(key, true);
  // A plain value is exchanged in place: the rest of the file keeps its very bytes.
  if (isScalar(node) && node.range && !text.slice(node.range[0], node.range[1]).includes('\n') && isPlain(value)) {
    if (node.value === value) return text;
    const [from, to] = node.range;
    const written = scalarText(value);
    return from === to
      ? `${text.slice(0, from)} ${written}${text.slice(to)}`
      : text.slice(0, from) + written + text.slice(to);
  }
  if (value === undefined) document.deleteIn(key);
  else {
    makeSections(document, key);
    document.setIn(key, document.createNode(value));
  }
  return document.toString({ lineWidth: 0 });
}

/** Sections that are missing or empty become maps, so that a key can be set inside. */
function makeSections(document: Document, key: readonly string[]): void {
  for (let depth = 0; depth < key.length; depth++) {
    const path = key.slice(0, depth);
    const node = depth === 0 ? document.contents : document.getIn(path, true);
    if (isMap(node)) continue;
    if (depth === 0) document.contents = document.createNode({});
    else document.setIn(path, document.createNode({}));
  }
}

function isPlain(value: unknown): boolean {
  return typeof value === 'boolean' || typeof value === 'number' || typeof value === 'string' || value === null;
}

/** A value as YAML, quoted where it must be, inside of braces too. */
function scalarText(value: unknown): string {
  const plain = stringify(value, { lineWidth: 0 }).trim();
  return /^[\w./:-]*$/.test(plain) && !plain.endsWith(':') ? plain : JSON.stringify(value);
}

/** `base:` with nothing below it, or with all of it commented out, is an empty section. */
function withoutEmpty(value: unknown, path: readonly Key[]): unknown {
  if (value === null) {
    const kind = kindAt(path);
    if (kind === 'section' && !takesNull(path)) return {};
    return kind === 'list' ? [] : value;
  }
  if (Array.isArray(value)) return value.map((item, i) => withoutEmpty(item, [...path, i]));
  if (typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withoutEmpty(inner, [...path, key])]));
}

interface Issue {
  readonly code?: string | undefined;
  readonly path: readonly PropertyKey[];
  readonly message: string;
  readonly keys?: readonly string[];
}

function problemsOf(issue: Issue, document: Document, lines: LineCounter): ConfigProblem[] {
  const path = issue.path.filter((key): key is Key => typeof key !== 'symbol');
  if (issue.code === 'unrecognized_keys') {
    return (issue.keys ?? []).map((key) => {
      const nearest = nearestKey(path.map(String), key);
      const message = nearest === undefined ? 'unknown key' : `unknown key; did you mean "${nearest}"?`;
      return { line: lineOf(document, [...path, key], lines), key: dotted([...path, key]), message };
    });
  }
  const given = valueAt(document, path);
  const missing = given === undefined;
  const message = missing ? `is missing: it ${issue.message}` : `${issue.message}, not ${shown(given)}`;
  return [{ line: lineOf(document, path, lines), key: dotted(path), message }];
}

function valueAt(document: Document, path: readonly Key[]): unknown {
  const node = path.length === 0 ? document.contents : document.getIn(path, true);
  return isNode(node) ? node.toJS(document) : node;
}

function shown(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'a section';
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 60)}...` : text;
}

/** The line of a key in the text of a configuration. */
export function lineOfKey(text: string, path: readonly Key[]): number {
  const lines = new LineCounter();
  return lineOf(parseDocument(text, { lineCounter: lines }), path, lines);
}

/** The line of a key, or of the nearest section around it that the file has. */
function lineOf(document: Document, path: readonly Key[], lines: LineCounter): number {
  for (let depth = path.length; depth > 0; depth--) {
    const parent = depth === 1 ? document.contents : document.getIn(path.slice(0, depth - 1), true);
    const last = path[depth - 1]!;
    const pair = isMap(parent)
      ? parent.items.find((item) => isPair(item) && String(item.key) === String(last))
      : undefined;
    const node = pair?.key ?? document.getIn(path.slice(0, depth), true);
    if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
  }
  return 1;
}

function dotted(path: readonly Key[]): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`;
    return text === '' ? key : `${text}.${key}`;
  }, '');
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

/** The refusal of a configuration. */
export function invalid(file: string, problems: readonly ConfigProblem[]): NetxfwError {
  const { line, key, message } = problems[0]!;
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : '';
  const what = key === '' ? message : `${key} ${message.startsWith('unknown') ? `is an ${message}` : message}`;
  return new NetxfwError('CONFIG_INVALID', `${file}:${line}: ${what}${more}`, { details: { file, problems } });
}
