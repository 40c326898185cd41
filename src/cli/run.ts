import { NetxfwError } from '../model/errors.ts';
import type { Command } from './command.ts';
import { Context, type Environment } from './context.ts';
import { printFailure } from './output/failure.ts';
import { parseInput, scanArguments, usage } from './parse.ts';
import { findRoute, GROUP_ALIASES, GROUPS, nextWords, ROUTES, type Route } from './routes.ts';
import { nearest } from './suggest.ts';

/**
 * Runs one command line.
 * @param argv the arguments after the program's name
 * @returns the exit code
 */
export async function run(argv: readonly string[], environment: Environment): Promise<number> {
  const { globals, words, at } = scanArguments(argv);
  const context = new Context(environment, globals);
  try {
    await dispatch(context, argv, words, at);
    context.out.assertWritten();
    return context.exit;
  } catch (thrown) {
    const error = NetxfwError.from(thrown);
    if (context.json) context.out.complain(JSON.stringify(error.toBody()));
    else printFailure(context.out, error, environment.variables.NETXFW_DEBUG === '1');
    return error.exit;
  } finally {
    await context.close();
  }
}

async function dispatch(
  context: Context,
  argv: readonly string[],
  words: readonly string[],
  at: readonly number[],
): Promise<void> {
  const { help, version } = context.globals;
  if (version) {
    const { packageVersion } = await import('../sdk/version.ts');
    return context.out.line(`netxfw ${packageVersion()}`);
  }
  const found = findRoute(words);
  if (help || words.length === 0) {
    const { printHelp } = await import('./help.ts');
    return printHelp(context.out, found?.route.path.split(' ') ?? words);
  }
  if (found === undefined) throw unknownCommand(words);
  const own = new Set(at.slice(0, found.used));
  const rest = argv.filter((_, index) => !own.has(index));
  const command = await found.route.load();
  if (isWrongVerb(found.route, command, words[found.used])) throw unknownCommand(words);
  await command.run(context, parseInput(found.route.path, command, rest));
}

/** `allow` is a command and the beginning of others: a word that cannot be its argument was meant as one of those. */
function isWrongVerb({ path }: Route, { args }: Command, word: string | undefined): boolean {
  if (word === undefined || nextWords(path).length === 0) return false;
  return Object.keys(args).length === 0 || /^[a-z-]+$/i.test(word);
}

/** @returns the error that names what comes nearest */
export function unknownCommand(words: readonly string[]): NetxfwError {
  const [word = ''] = words;
  for (let used = words.length; used > 0; used--) {
    const known = words.slice(0, used).join(' ');
    const path = [GROUP_ALIASES[word] ?? word, ...words.slice(1, used)].join(' ');
    const next = nextWords(path);
    if (next.length === 0) continue;
    const wrong = words[used];
    if (wrong === undefined) return usage(path, `${known} needs a command: ${next.join(', ')}`);
    const near = nearest(wrong, next);
    return usage(path, `there is no command "${known} ${wrong}"`, near && `Did you mean ${known} ${near}?`);
  }
  const known = [...ROUTES.flatMap(pathsOf).map((path) => path.split(' ')[0]!), ...Object.keys(GROUPS)];
  const near = nearest(word, [...new Set(known)]);
  return usage('', `there is no command "${word}"`, near && `Did you mean ${near}?`);
}

function pathsOf({ path, aliases = [] }: Route): readonly string[] {
  return [path, ...aliases];
}
