import { GLOBAL_OPTIONS, type OptionSpec } from '../command.ts';
import { GROUP_ALIASES, GROUPS, nextWords, ROUTES } from '../routes.ts';

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
  const nodes = new Map<string, CompletionNode>();
  const firsts = await nextOf('', [...new Set(ROUTES.map(({ path }) => path.split(' ')[0]!))]);
  nodes.set('', { path: '', words: firsts, options: global, files: false });
  for (const { path } of ROUTES) {
    const words = path.split(' ');
    for (let used = 1; used < words.length; used++) {
      const parent = words.slice(0, used).join(' ');
      for (const name of namesOf(parent)) {
        if (nodes.has(name)) continue;
        nodes.set(name, { path: name, words: await nextOf(parent, nextWords(parent)), options: global, files: false });
      }
    }
  }
  for (const { path, aliases = [], load } of ROUTES) {
    const { args, options } = await load();
    const specs = Object.values(args);
    const words = specs.flatMap(({ choices = [], help }) => choices.map((word) => ({ word, help })));
    const files = specs.some(({ complete }) => complete === 'file');
    for (const name of [path, ...aliases]) {
      const all = [...(nodes.get(name)?.words ?? []), ...words];
      nodes.set(name, { path: name, words: all, options: [...optionsOf(options), ...global], files });
    }
  }
  return [...nodes.values()];
}

/** The words, each with what it leads to. */
async function nextOf(parent: string, words: readonly string[]): Promise<Word[]> {
  return Promise.all(
    words.map(async (word): Promise<Word> => {
      const path = `${parent} ${word}`.trim();
      const route = ROUTES.find((candidate) => candidate.path === path);
      return { word, help: route === undefined ? (GROUPS[path] ?? `${word} ...`) : (await route.load()).summary };
    }),
  );
}

/** The words of a path, also by the other name of its group. */
function namesOf(path: string): string[] {
  const [group = '', ...rest] = path.split(' ');
  const others = Object.keys(GROUP_ALIASES).filter((alias) => GROUP_ALIASES[alias] === group);
  return [group, ...others].map((name) => [name, ...rest].join(' '));
}

function optionsOf(specs: Readonly<Record<string, OptionSpec>>): CompletedOption[] {
  return Object.entries(specs).map(([name, spec]) => ({ name, ...spec }));
}

/** Both spellings of an option. */
export function spellings({ name, short }: CompletedOption): string[] {
  return short === undefined ? [`--${name}`] : [`--${name}`, `-${short}`];
}
