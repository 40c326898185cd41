import { GLOBAL_OPTIONS, type OptionSpec } from '../command.ts';
import { GROUP_ALIASES, GROUPS, ROUTES, routesOf } from '../routes.ts';

export interface Word {
  readonly word: string;
  readonly help: string;
}

export interface CompletedOption extends OptionSpec {
  readonly name: string;
}

/** What may follow some words of a command line. */
export interface CompletionNode {
  /** `rule import`; empty at the beginning. */
  readonly path: string;
  readonly words: readonly Word[];
  readonly options: readonly CompletedOption[];
  /** A file name may stand here. */
  readonly files: boolean;
}

/** Every place of the command table at which a shell can be asked to complete. */
export async function completionNodes(): Promise<CompletionNode[]> {
  const global = optionsOf(GLOBAL_OPTIONS);
  const firsts = await Promise.all(
    ROUTES.filter(({ path }) => !path.includes(' ')).map(async ({ path, load }) => {
      return { word: path, help: (await load()).summary };
    }),
  );
  const groups = Object.entries(GROUPS).map(([word, help]) => ({ word, help }));
  const nodes: CompletionNode[] = [{ path: '', words: [...firsts, ...groups], options: global, files: false }];
  for (const group of Object.keys(GROUPS)) {
    const words = await Promise.all(
      routesOf(group).map(async ({ path, load }) => ({ word: path.split(' ')[1]!, help: (await load()).summary })),
    );
    const names = Object.keys(GROUP_ALIASES).filter((alias) => GROUP_ALIASES[alias] === group);
    for (const path of [group, ...names]) nodes.push({ path, words, options: global, files: false });
  }
  for (const { path, aliases = [], load } of ROUTES) {
    const { args, options } = await load();
    const specs = Object.values(args);
    const words = specs.flatMap(({ choices = [], help }) => choices.map((word) => ({ word, help })));
    const files = specs.some(({ complete }) => complete === 'file');
    for (const name of [path, ...aliases]) {
      nodes.push({ path: name, words, options: [...optionsOf(options), ...global], files });
    }
  }
  return nodes;
}

function optionsOf(specs: Readonly<Record<string, OptionSpec>>): CompletedOption[] {
  return Object.entries(specs).map(([name, spec]) => ({ name, ...spec }));
}

/** Both spellings of an option. */
export function spellings({ name, short }: CompletedOption): string[] {
  return short === undefined ? [`--${name}`] : [`--${name}`, `-${short}`];
}
