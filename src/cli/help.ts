import { type Command, GLOBAL_OPTIONS, type OptionSpec } from './command.ts';
import type { Output } from './output/output.ts';
import { pad, wrap } from './output/text.ts';
import { findRoute, GROUPS, groupOf, nextWords, ROUTES, type Route, routesOf } from './routes.ts';
import { unknownCommand } from './run.ts';

type Row = readonly [left: string, right: string];
type Heading = (text: string) => string;

const MAX_WIDTH = 100;

/** Help of a command, of a group or, without words, of the program. */
export async function printHelp(out: Output, words: readonly string[]): Promise<void> {
  const width = Math.min(out.width ?? 80, MAX_WIDTH);
  await out.write(await helpText(words, width, out.style.bold));
}

/** @throws NetxfwError USAGE when the words name nothing */
export async function helpText(words: readonly string[], width = 80, heading: Heading = (text) => text) {
  if (words.length === 0) return programHelp(width, heading);
  const found = findRoute(words);
  if (found !== undefined) return commandHelp(found.route, width, heading);
  const group = groupOf(words[0]!);
  const path = [group ?? words[0]!, ...words.slice(1)].join(' ');
  const rows = await summaries(routesOf(path));
  if (group === undefined || rows.length === 0) throw unknownCommand(words);
  const intro = [`netxfw ${path}: ${GROUPS[group]}`];
  return sections(
    width,
    heading,
    intro,
    [['Commands', rows]],
    [`See \`netxfw help ${path} COMMAND\` for one of them.`],
  );
}

async function programHelp(width: number, heading: Heading): Promise<string> {
  const single = ROUTES.filter(({ path }) => !path.includes(' '));
  const blocks: [string, Row[]][] = [['Commands', await summaries(single)]];
  const groups = Object.entries(GROUPS).map(
    ([group, about]): Row => [group, `${about}: ${nextWords(group).join(', ')}`],
  );
  blocks.push(['Groups of commands', groups]);
  blocks.push(['Options', optionRows(GLOBAL_OPTIONS)]);
  const intro = [
    'netxfw: a host firewall that judges packets before the network stack sees them',
    '',
    'Usage: netxfw COMMAND [options]',
  ];
  return sections(width, heading, intro, blocks, ['See `netxfw help COMMAND` or `netxfw help GROUP` for one of them.']);
}

async function commandHelp(route: Route, width: number, heading: Heading): Promise<string> {
  const [command, more] = await Promise.all([route.load(), summaries(routesOf(route.path))]);
  const intro = [`${command.summary}`, '', `${heading('Usage:')} ${usageLine(route.path, command)}`];
  if (route.aliases?.length) {
    const others = route.aliases.map((path) => `netxfw ${path}`).join(', ');
    intro.push(`${heading('Also:')} ${wrap(others, width - 6, '      ')}`);
  }
  for (const paragraph of paragraphs(command)) intro.push('', wrap(paragraph, width));
  const blocks: [string, Row[]][] = [
    ['Commands', more],
    ['Arguments', argumentRows(command)],
    ['Options', optionRows(command.options)],
    ['Global options', optionRows(GLOBAL_OPTIONS)],
  ];
  const examples = command.examples.flatMap(({ run, note }) => [`  # ${note}`, `  ${run}`]);
  return sections(width, heading, intro, blocks, [heading('Examples'), ...examples]);
}

/** `netxfw deny ADDRESS... [options]` */
export function usageLine(path: string, { args, options }: Command): string {
  const words = Object.entries(args).map(([name, spec]) => {
    const word = (spec.choices?.join('|') ?? name.toUpperCase()) + (spec.many ? '...' : '');
    return spec.optional ? `[${word}]` : word;
  });
  return ['netxfw', path, ...words, ...(Object.keys(options).length > 0 ? ['[options]'] : [])].join(' ');
}

export function paragraphs({ description = '' }: Command): string[] {
  return description
    .split('\n\n')
    .map((text) => text.replace(/\s+/g, ' ').trim())
    .filter((text) => text !== '');
}

export function argumentRows({ args }: Command): Row[] {
  return Object.entries(args).map(([name, { help, many }]) => [name.toUpperCase() + (many ? '...' : ''), help]);
}

export function optionRows(options: Readonly<Record<string, OptionSpec>>): Row[] {
  return Object.entries(options).map(([name, { short, value, help, choices, many }]) => {
    const left = `${short === undefined ? '    ' : `-${short}, `}--${name}${value === undefined ? '' : ` ${value}`}`;
    const allowed = choices === undefined ? '' : `: ${choices.join(', ')}`;
    return [left, `${help}${allowed}${many ? ' (may be repeated)' : ''}`];
  });
}

async function summaries(routes: readonly Route[]): Promise<Row[]> {
  return Promise.all(routes.map(async (route): Promise<Row> => [route.path, (await route.load()).summary]));
}

function sections(
  width: number,
  heading: Heading,
  intro: readonly string[],
  blocks: readonly (readonly [title: string, rows: readonly Row[]])[],
  end: readonly string[],
): string {
  const shown = blocks.filter(([, rows]) => rows.length > 0);
  const left = Math.max(...shown.flatMap(([, rows]) => rows.map(([text]) => text.length)));
  const indent = ' '.repeat(left + 4);
  const lines = [...intro];
  for (const [title, rows] of shown) {
    lines.push('', heading(title));
    for (const [name, help] of rows) lines.push(`  ${pad(name, left)}  ${wrap(help, width - left - 4, indent)}`);
  }
  return `${[...lines, '', ...end].join('\n')}\n`;
}
