/**
 * `paths.run_dir` of a config file without the YAML parser and the schema, whose import would take longer than the
 * command itself. It knows only the usual way to write the key and is sure of nothing else.
 *
 * @returns the directory; null when the file does not set it; undefined when only the full parser can tell
 */
export function scanRunDir(text: string): string | null | undefined {
  // Escapes could spell the key, anchors and merges could bring it in, a second document could set it.
  if (/\\[xuU]|<<|^---|^\?|[&*]\w/m.test(text)) return undefined;
  const lines = text.split(/\r?\n/).filter((line) => !/^\s*(#|$)/.test(line));
  const at = lines.findIndex((line) => line.includes('run_dir'));
  if (at < 0) return null;
  if (lines.some((line, i) => i > at && line.includes('run_dir'))) return undefined;
  const match = /^( +)run_dir: +(\/[\w./-]*)(?: +#.*)?$/.exec(lines[at]!);
  if (match === null) return undefined;
  const [, indent, value] = match;
  // A line that goes on below would be part of the value.
  const next = lines[at + 1];
  if (next !== undefined && indentOf(next) > indent!.length) return undefined;
  const parent = lines.slice(0, at).findLast((line) => indentOf(line) < indent!.length);
  return parent !== undefined && /^paths: *(#.*)?$/.test(parent) ? value!.replace(/(?<=.)\/+$/, '') : undefined;
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}
