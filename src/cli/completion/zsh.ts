import { type CompletedOption, type CompletionNode, spellings } from './nodes.ts';

/** Completion for zsh, to be kept as _netxfw in $fpath. */
export function zshScript(nodes: readonly CompletionNode[]): string {
  const paths = nodes.filter(({ path }) => path !== '').map(({ path }) => quote(path));
  const values = nodes.flatMap(({ path, options }) => options.flatMap((option) => valueCase(path, option)));
  return `#compdef netxfw
# zsh completion for netxfw; made by: netxfw completion zsh
_netxfw() {
  local cur=\${words[CURRENT]} prev=\${words[CURRENT-1]} path_= word i
  local -a commands options
  for ((i = 2; i < CURRENT; i++)); do
    word=\${words[i]}
    case "\${path_:+$path_ }$word" in
      (${paths.join('|')}) path_="\${path_:+$path_ }$word" ;;
    esac
  done
  case "$path_:$prev" in
${[...new Set(values)].map((line) => `    ${line}`).join('\n')}
  esac
  local files=
  case "$path_" in
${nodes.map((node) => `    ${nodeCase(node)}`).join('\n')}
  esac
  if [[ $cur == -* ]]; then
    _describe -o option options
  else
    _describe command commands
    if [[ -n $files ]]; then _files; fi
  fi
}
if [[ $funcstack[1] == _netxfw ]]; then _netxfw "$@"; else compdef _netxfw netxfw; fi
`;
}

function valueCase(path: string, option: CompletedOption): string[] {
  if (option.value === undefined) return [];
  const { choices, complete } = option;
  const what = choices
    ? `compadd -- ${choices.join(' ')}; `
    : complete === 'file'
      ? '_files; '
      : complete === 'interface'
        ? 'compadd -- /sys/class/net/*(:t); '
        : '';
  return [
    `(${spellings(option)
      .map((spelling) => quote(`${path}:${spelling}`))
      .join('|')}) ${what}return ;;`,
  ];
}

function nodeCase({ path, words, options, files }: CompletionNode): string {
  const list = words.map(({ word, help }) => describe(word, help)).join(' ');
  const flags = options.flatMap((option) => spellings(option).map((name) => describe(name, option.help))).join(' ');
  return `(${quote(path)}) commands=(${list}); options=(${flags})${files ? '; files=1' : ''} ;;`;
}

function describe(word: string, help: string): string {
  return quote(`${word}:${help.replaceAll(':', '\\:')}`);
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
