import { type CompletedOption, type CompletionNode, spellings } from './nodes.ts';

/** Completion for bash 4 and later, without the bash-completion package. */
export function bashScript(nodes: readonly CompletionNode[]): string {
  const paths = nodes.filter(({ path }) => path !== '').map(({ path }) => `'${path}'`);
  const values = nodes.flatMap(({ path, options }) => options.flatMap((option) => valueCase(path, option)));
  return `# bash completion for netxfw; made by: netxfw completion bash
_netxfw() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD - 1]} path= word i
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    case "\${path:+$path }$word" in
      ${paths.join(' | ')}) path="\${path:+$path }$word" ;;
    esac
  done
  COMPREPLY=()
  case "$path:$prev" in
${[...new Set(values)].map((line) => `    ${line}`).join('\n')}
  esac
  local words= options= files=
  case "$path" in
${nodes.map((node) => `    ${nodeCase(node)}`).join('\n')}
  esac
  case "$cur" in
    -*) COMPREPLY=($(compgen -W "$options" -- "$cur")) ;;
    *)
      COMPREPLY=($(compgen -W "$words" -- "$cur"))
      if [ -n "$files" ]; then COMPREPLY+=($(compgen -f -- "$cur")); fi
      ;;
  esac
}
complete -o filenames -F _netxfw netxfw
`;
}

function valueCase(path: string, option: CompletedOption): string[] {
  if (option.value === undefined) return [];
  const { choices, complete } = option;
  const what = choices
    ? `-W '${choices.join(' ')}'`
    : complete === 'file'
      ? '-f'
      : complete === 'interface'
        ? '-W "$(ls /sys/class/net)"'
        : undefined;
  const reply = what === undefined ? '' : `COMPREPLY=($(compgen ${what} -- "$cur")); `;
  return [
    `${spellings(option)
      .map((spelling) => `'${path}:${spelling}'`)
      .join(' | ')}) ${reply}return ;;`,
  ];
}

function nodeCase({ path, words, options, files }: CompletionNode): string {
  const list = words.map(({ word }) => word).join(' ');
  const flags = options.flatMap(spellings).join(' ');
  return `'${path}') words='${list}' options='${flags}'${files ? ' files=1' : ''} ;;`;
}
