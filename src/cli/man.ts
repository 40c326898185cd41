import { ERRORS, EXIT } from '../model/errors.ts';
import { type Command, GLOBAL_OPTIONS } from './command.ts';
import { argumentRows, optionRows, paragraphs, usageLine } from './help.ts';
import { GROUPS, ROUTES, type Route, routesOf } from './routes.ts';

/** A page for man(1), in the macros of man(7). */
export interface ManPage {
  /** `netxfw.8` */
  readonly file: string;
  readonly text: string;
}

interface Edition {
  readonly version: string;
  /** Day of the edition, ISO 8601. */
  readonly date: string;
}

/** Commands of administrators are section 8, files section 5 (man-pages(7)). */
export async function manPages(edition: Edition, configText: string): Promise<readonly ManPage[]> {
  return [
    { file: 'netxfw.8', text: await commandPage(edition) },
    { file: 'netxfw-config.5', text: configPage(edition, configText) },
  ];
}

async function commandPage(edition: Edition): Promise<string> {
  const single = ROUTES.filter(({ path }) => !path.includes(' '));
  const parts = [
    title('netxfw', 8, edition),
    heading('NAME'),
    roff('netxfw - host firewall that judges packets before the network stack sees them'),
    heading('SYNOPSIS'),
    '.B netxfw\n.I COMMAND\n[options]',
    heading('DESCRIPTION'),
    roff(
      'Data goes to standard output, messages and errors to standard error. With --json every command that prints data ' +
        'prints one JSON object whose first field is version.',
    ),
    heading('GLOBAL OPTIONS'),
    tagged(optionRows(GLOBAL_OPTIONS)),
    heading('COMMANDS'),
    ...(await Promise.all(single.map(section))),
  ];
  for (const [group, about] of Object.entries(GROUPS)) {
    parts.push(
      heading(`NETXFW ${group.toUpperCase()}`),
      roff(`Commands for ${about}.`),
      ...(await Promise.all(routesOf(group).map(section))),
    );
  }
  parts.push(heading('EXIT STATUS'), exitStatus(), heading('SEE ALSO'), '.BR netxfw-config (5)');
  return `${parts.join('\n')}\n`;
}

async function section(route: Route): Promise<string> {
  const command = await route.load();
  const parts = [`.SS ${quoted(`netxfw ${route.path}`)}`, roff(`${command.summary}.`), '.PP'];
  parts.push(`.B ${quoted(usageLine(route.path, command))}`);
  if (route.aliases?.length) parts.push('.PP', roff(`Also: ${route.aliases.join(', ')}`));
  for (const paragraph of paragraphs(command)) parts.push('.PP', roff(paragraph));
  const inputs = [...argumentRows(command), ...optionRows(command.options)];
  if (inputs.length > 0) parts.push(tagged(inputs));
  parts.push(examples(command));
  return parts.join('\n');
}

function examples({ examples: list }: Command): string {
  const lines = list.flatMap(({ run, note }) => [`# ${note}`, run]);
  return ['.PP', 'Examples:', '.PP', '.RS 4', '.nf', ...lines.map(roff), '.fi', '.RE'].join('\n');
}

function exitStatus(): string {
  const rows = Object.entries(EXIT).map(([name, exit]) => {
    const codes = Object.entries(ERRORS).filter(([, kind]) => kind.exit === exit);
    return [String(exit), name === 'ok' ? 'success' : codes.map(([code]) => code).join(', ')] as const;
  });
  return tagged(rows);
}

/** The documented configuration file is the text. */
function configPage(edition: Edition, configText: string): string {
  return `${[
    title('netxfw-config', 5, edition),
    heading('NAME'),
    roff('netxfw-config - configuration of netxfw, /etc/netxfw/config.yaml'),
    heading('DESCRIPTION'),
    roff('Every key with its default; a key that is left out has the same default, and an unknown key is an error.'),
    '.PP',
    '.nf',
    ...configText.trimEnd().split('\n').map(roff),
    '.fi',
    heading('SEE ALSO'),
    '.BR netxfw (8)',
  ].join('\n')}\n`;
}

function title(name: string, number: number, { version, date }: Edition): string {
  return `.TH ${name.toUpperCase()} ${number} ${date} ${quoted(`netxfw ${version}`)}`;
}

function heading(text: string): string {
  return `.SH ${text}`;
}

function tagged(rows: readonly (readonly [left: string, right: string])[]): string {
  return rows.map(([left, right]) => `.TP\n.B ${quoted(left.trim())}\n${roff(right)}`).join('\n');
}

function quoted(text: string): string {
  return `"${escaped(text).replaceAll('"', '""')}"`;
}

/** A line of text: one that begins with a control character must not become a request. */
function roff(text: string): string {
  return escaped(text).replace(/^([.'])/, '\\&$1');
}

function escaped(text: string): string {
  return text.replaceAll('\\', '\\e').replaceAll('-', '\\-').replaceAll('^', '\\(ha').replaceAll('~', '\\(ti');
}
