import { ConfigSchema } from '../model/config.ts';
import { code, page, table } from './markdown.ts';

const INTRODUCTION = `\`/etc/netxfw/config.yaml\`, or what \`-c FILE\` names. Every key may be left out: then its default holds.
Unknown keys are errors. \`netxfw system test\` checks a file, \`netxfw reload\` applies it. The file that is installed has
every key with its default and the explanations below.`;

interface Key {
  readonly path: readonly string[];
  /** As written in the file; empty for a section. */
  readonly standard: string;
  readonly meaning: string;
}

/** docs/reference/config.md, from the commented file that is installed. */
export function configPage(yaml: string): string {
  const keys = keysOf(yaml);
  const groups = new Map<string, Key[]>();
  for (const key of keys.filter(({ standard }) => standard !== '')) {
    const section = key.path.slice(0, -1).join('.');
    groups.set(section, [...(groups.get(section) ?? []), key]);
  }
  const parts = [...groups].flatMap(([section, members]) => {
    const about = keys.find(({ path }) => path.join('.') === section)?.meaning ?? '';
    const rows = members.map(({ path, standard, meaning }) => [
      code(path.at(-1)!),
      code(standard),
      allowedAt(path),
      meaning,
    ]);
    return [
      `## ${section === '' ? 'Top level' : section}`,
      ...(about === '' ? [] : [about]),
      table(['key', 'default', 'value', 'meaning'], rows),
    ];
  });
  return page('config.yaml', 'configs/config.yaml and its schema', INTRODUCTION, ...parts);
}

/** The keys of a file in which every key stands on a line of its own, below its comment. */
function keysOf(yaml: string): Key[] {
  const keys: Key[] = [];
  let path: { readonly indent: number; readonly name: string }[] = [];
  let comment: string[] = [];
  let fresh = true;
  for (const line of yaml.split('\n')) {
    const [, indent = '', name, value = ''] = /^( *)([a-z0-9_]+):(?: (.*))?$/.exec(line) ?? [];
    const remark = /^ *# ?(.*)$/.exec(line);
    if (remark !== null) {
      if (fresh) comment = [];
      fresh = false;
      comment.push(remark[1]!);
    } else if (name !== undefined) {
      path = [...path.filter((outer) => outer.indent < indent.length), { indent: indent.length, name }];
      const meaning = fresh && path.length === 1 ? '' : sentence(comment);
      keys.push({ path: path.map((part) => part.name), standard: value.replace(/ +#.*$/, ''), meaning });
      if (value === '') comment = [];
      fresh = true;
    } else {
      comment = [];
      fresh = true;
    }
  }
  return keys;
}

function sentence(lines: readonly string[]): string {
  return lines
    .map((line) => (/^ *- /.test(line) ? code(line.trim()) : line.trim()))
    .join(' ')
    .trim();
}

/** What may stand there, in the words of the schema's own messages. */
function allowedAt(path: readonly string[]): string {
  const { message, depth } = complaint(path, { nothing: 'fits' });
  if (depth > path.length) return 'null or a section';
  if (message !== 'must be a list') return words(message);
  const item = complaint(path, [{ nothing: 'fits' }]);
  // A complaint about something inside of the item: the items are sections.
  return item.depth === path.length + 1 ? `a list; each is ${words(item.message)}` : 'a list of sections';
}

function complaint(path: readonly string[], value: unknown): { readonly message: string; readonly depth: number } {
  const wrong = path.reduceRight<unknown>((inner, key) => ({ [key]: inner }), value);
  const [issue] = ConfigSchema.safeParse(wrong).error?.issues ?? [];
  return { message: issue?.message ?? '', depth: issue?.path.length ?? 0 };
}

function words(message: string): string {
  return message.replace(/^must be /, '');
}
