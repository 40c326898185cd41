import { ERRORS, EXIT } from '../model/errors.ts';
import type { Command } from './command.ts';
import { GLOBAL_OPTIONS } from './command.ts';
import { argumentRows, optionRows, paragraphs, usageLine } from './help.ts';
import { GROUPS, ROUTES, type Route, routesOf } from './routes.ts';

type Row = readonly [left: string, right: string];

const INTRODUCTION = `# Command line

<!-- Generated from the command table by scripts/docs-cli.mjs; do not edit. -->

Data goes to standard output, messages and errors to standard error. An error is one line that names the offending
value and one line with the next step; with \`--json\` it is one line of JSON, \`{code, message, hint, details}\`, and a
message is \`{notice}\`.
With \`--json\` every command that prints data prints one JSON object whose first field is \`version\`.`;

/** docs/reference/cli.md. */
export async function referencePage(): Promise<string> {
  const single = ROUTES.filter(({ path }) => !path.includes(' '));
  const parts = [INTRODUCTION, '## Global options', rows(optionRows(GLOBAL_OPTIONS)), '## Exit codes', exitCodes()];
  parts.push('## Commands', ...(await Promise.all(single.map(section))));
  for (const [group, about] of Object.entries(GROUPS)) {
    parts.push(`## netxfw ${group}`, `Commands for ${about}.`, ...(await Promise.all(routesOf(group).map(section))));
  }
  return `${parts.join('\n\n')}\n`;
}

async function section(route: Route): Promise<string> {
  const command = await route.load();
  const parts = [`### netxfw ${route.path}`, `${command.summary}.`, fence([usageLine(route.path, command)])];
  if (route.aliases?.length) parts.push(`Also: ${route.aliases.map((path) => `\`netxfw ${path}\``).join(', ')}`);
  parts.push(...paragraphs(command));
  const inputs = [...argumentRows(command), ...optionRows(command.options)];
  if (inputs.length > 0) parts.push(rows(inputs));
  parts.push(examples(command));
  return parts.join('\n\n');
}

function examples({ examples }: Command): string {
  return fence(examples.flatMap(({ run, note }) => [`# ${note}`, run]));
}

function rows(pairs: readonly Row[]): string {
  return pairs.map(([left, right]) => `- \`${left.trim()}\`: ${right}`).join('\n');
}

function exitCodes(): string {
  const lines = Object.entries(EXIT).map(([name, exit]) => {
    const codes = Object.entries(ERRORS).filter(([, kind]) => kind.exit === exit);
    const meaning = name === 'ok' ? 'success' : codes.map(([code]) => `\`${code}\``).join(', ');
    return `| ${exit} | ${meaning} |`;
  });
  return ['| code | errors |', '|---|---|', ...lines].join('\n');
}

function fence(lines: readonly string[]): string {
  return ['```sh', ...lines, '```'].join('\n');
}
