import type { Context } from './context.ts';

/** A positional argument, in the order of declaration. */
export interface ArgumentSpec {
  readonly help: string;
  readonly optional?: boolean;
  /** Takes all that remain; only the last argument may. */
  readonly many?: boolean;
  readonly choices?: readonly string[];
  /** What a shell completes here. */
  readonly complete?: 'file';
}

export interface OptionSpec {
  readonly help: string;
  readonly short?: string;
  /** Name of the value in help texts; without it the option is a switch. */
  readonly value?: string;
  /** May be given more than once. */
  readonly many?: boolean;
  readonly choices?: readonly string[];
  readonly complete?: 'file' | 'interface';
}

export interface Example {
  /** As typed, `netxfw` first. */
  readonly run: string;
  readonly note: string;
}

type Arguments = Readonly<Record<string, ArgumentSpec>>;
type Options = Readonly<Record<string, OptionSpec>>;
type Word<S> = S extends { readonly choices: readonly (infer C)[] } ? C : string;

type ArgumentValue<S extends ArgumentSpec> = S extends { readonly many: true }
  ? readonly Word<S>[]
  : S extends { readonly optional: true }
    ? Word<S> | undefined
    : Word<S>;

type OptionValue<S extends OptionSpec> = S extends { readonly value: string }
  ? S extends { readonly many: true }
    ? readonly Word<S>[]
    : Word<S> | undefined
  : boolean;

type Values<A, O> = { readonly [K in keyof A]: A[K] extends ArgumentSpec ? ArgumentValue<A[K]> : never } & {
  readonly [K in keyof O]: O[K] extends OptionSpec ? OptionValue<O[K]> : never;
};

/** What stands on the command line, by the names of the declaration. */
export type Input = Readonly<Record<string, string | boolean | readonly string[] | undefined>>;

interface Texts {
  /** One line, for lists of commands. */
  readonly summary: string;
  /** Paragraphs for the help of this command. */
  readonly description?: string;
  readonly examples: readonly Example[];
}

/** One command: what it is called with, and what it does. */
export interface Command extends Texts {
  readonly args: Arguments;
  readonly options: Options;
  run(context: Context, input: Input): Promise<void>;
}

/** Declares a command; `run` gets its input typed by the declaration. */
export function command<
  const A extends Arguments = Record<never, never>,
  const O extends Options = Record<never, never>,
>(
  declaration: Texts & {
    readonly args?: A;
    readonly options?: O;
    run(context: Context, input: Values<A, O>): Promise<void>;
  },
): Command {
  const { args, options } = declaration;
  // The parser produces exactly the fields that the declaration names.
  return { ...declaration, args: args ?? {}, options: options ?? {} } as unknown as Command;
}

/** Options that every command has. */
export const GLOBAL_OPTIONS = {
  config: {
    short: 'c',
    value: 'FILE',
    help: 'config file (default: $NETXFW_CONFIG, then /etc/netxfw/config.yaml)',
    complete: 'file',
  },
  socket: {
    value: 'PATH',
    help: 'socket of the daemon to talk to (default: $NETXFW_SOCKET, then the one of the config file)',
    complete: 'file',
  },
  json: { help: 'print data, and errors, as JSON' },
  'no-color': { help: 'no colours; so does the environment variable NO_COLOR' },
  quiet: { short: 'q', help: 'no messages: only data and errors' },
  help: { short: 'h', help: 'show this help' },
  version: { help: 'show the version' },
} as const satisfies Options;
