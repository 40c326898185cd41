import { parseArgs } from 'node:util';
import { NetxfwError } from '../model/errors.ts';
import { type ArgumentSpec, type Command, GLOBAL_OPTIONS, type Input, type OptionSpec } from './command.ts';
import { nearest } from './suggest.ts';

type Options = Readonly<Record<string, OptionSpec>>;

export interface GlobalInput {
  readonly config?: string;
  readonly socket?: string;
  readonly json?: boolean;
  readonly 'no-color'?: boolean;
  readonly quiet?: boolean;
  readonly help?: boolean;
  readonly version?: boolean;
}

interface Tokens {
  readonly options: Readonly<Record<string, string | true | string[]>>;
  readonly words: readonly string[];
  /** Where each word stands in the arguments. */
  readonly at: readonly number[];
}

/** Reads what can be read before the command is known: never fails, unknown options are left for `parseInput`. */
export function scanArguments(argv: readonly string[]): { readonly globals: GlobalInput } & Omit<Tokens, 'options'> {
  // What follows an unknown option may be its value: `deny --reason list 192.0.2.1` is not `deny list`.
  let known: number | undefined;
  const { options, words, at } = tokenize(argv, GLOBAL_OPTIONS, (_name, _problem, before) => {
    if (before > 0) known ??= before;
  });
  return { globals: options as GlobalInput, words: words.slice(0, known), at: at.slice(0, known) };
}

/**
 * Reads the arguments of one command, its own words left out.
 * @throws NetxfwError USAGE with the nearest known option or choice
 */
export function parseInput(path: string, command: Command, argv: readonly string[]): Input {
  const specs: Options = { ...command.options, ...GLOBAL_OPTIONS };
  const { options, words } = tokenize(argv, specs, (name, problem) => {
    throw usage(path, problem, nearestOption(name, specs));
  });
  const input: Record<string, string | boolean | readonly string[] | undefined> = {};
  for (const [name, spec] of Object.entries(command.options)) {
    const value = options[name];
    for (const one of [value ?? []].flat()) checkChoice(path, `--${name}`, spec, String(one));
    input[name] = spec.value === undefined ? value === true : (value ?? (spec.many ? [] : undefined));
  }
  return { ...input, ...placeWords(path, command.args, words) };
}

function placeWords(path: string, specs: Readonly<Record<string, ArgumentSpec>>, words: readonly string[]): Input {
  const input: Record<string, string | readonly string[]> = {};
  let next = 0;
  for (const [name, spec] of Object.entries(specs)) {
    if (next >= words.length && !spec.optional) throw usage(path, `${name.toUpperCase()} is missing`);
    const taken = spec.many ? words.slice(next) : words.slice(next, next + 1);
    for (const word of taken) checkChoice(path, name.toUpperCase(), spec, word);
    next += taken.length;
    if (spec.many) input[name] = taken;
    else if (taken.length > 0) input[name] = taken[0]!;
  }
  if (next < words.length) throw usage(path, `"${words[next]}" is one argument too many`);
  return input;
}

function checkChoice(path: string, name: string, { choices }: OptionSpec | ArgumentSpec, word: string): void {
  if (choices === undefined || choices.includes(word)) return;
  const near = nearest(word, choices);
  throw usage(path, `${name} is "${word}": it must be ${orList(choices)}`, near && `Did you mean ${near}?`);
}

/** @param before words that stand before it */
type Refusal = (name: string, problem: string, before: number) => void;

/** Node's own parser, whose words are turned into ours. */
function tokenize(argv: readonly string[], specs: Options, refuse: Refusal): Tokens {
  const known = Object.entries(specs).map(([name, { value, short, many }]) => {
    const type = value === undefined ? ('boolean' as const) : ('string' as const);
    return [name, { type, multiple: many ?? false, ...(short === undefined ? {} : { short }) }];
  });
  const { tokens } = parseArgs({
    args: [...argv],
    options: Object.fromEntries(known),
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const options: Record<string, string | true | string[]> = {};
  const words: string[] = [];
  const at: number[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional') {
      words.push(token.value);
      at.push(token.index);
    }
    if (token.kind !== 'option') continue;
    const { name, rawName, value, inlineValue } = token;
    const spec = Object.hasOwn(specs, name) ? specs[name] : undefined;
    if (spec === undefined) refuse(rawName, `there is no option ${rawName}`, words.length);
    else if (spec.value === undefined && value !== undefined)
      refuse(rawName, `${rawName} takes no value`, words.length);
    else if (spec.value === undefined) options[name] = true;
    // `--ttl --reason x`: the value was forgotten, not "--reason".
    else if (value === undefined || value === '' || (!inlineValue && /^-./.test(value))) {
      refuse(rawName, `${rawName} needs a value: ${spec.value}`, words.length);
    } else options[name] = spec.many ? [...[options[name] ?? []].flat().map(String), value] : value;
  }
  return { options, words, at };
}

function nearestOption(rawName: string, specs: Options): string | undefined {
  if (Object.hasOwn(specs, rawName.replace(/^-+/, ''))) return undefined;
  const near = nearest(rawName.replace(/^-+/, ''), Object.keys(specs));
  return near && `Did you mean --${near}?`;
}

export function usage(path: string, problem: string, hint?: string): NetxfwError {
  return new NetxfwError('USAGE', problem, { hint: hint ?? `See: ${`netxfw help ${path}`.trim()}` });
}

function orList(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}
