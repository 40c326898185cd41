import type { CompletedOption, CompletionNode } from './nodes.ts';

/** Completion for fish 3. */
export function fishScript(nodes: readonly CompletionNode[]): string {
  const paths = nodes.filter(({ path }) => path !== '').map(({ path }) => quote(path));
  return `# fish completion for netxfw; made by: netxfw completion fish
function __netxfw_path
    set -l path ''
    for word in (commandline -opc)[2..-1]
        set -l longer (string trim -- "$path $word")
        if contains -- $longer ${paths.join(' ')}
            set path $longer
        end
    end
    echo $path
end
function __netxfw_at
    test (__netxfw_path) = "$argv[1]"
end
complete -c netxfw -f
${nodes.flatMap(nodeLines).join('\n')}
`;
}

function nodeLines({ path, words, options, files }: CompletionNode): string[] {
  const start = `complete -c netxfw -n ${quote(`__netxfw_at '${path}'`)}`;
  return [
    ...words.map(({ word, help }) => `${start} -a ${quote(word)} -d ${quote(help)}`),
    ...(files ? [`${start} -F`] : []),
    ...options.map((option) => `${start} ${optionText(option)} -d ${quote(option.help)}`),
  ];
}

function optionText({ name, short, value, choices, complete }: CompletedOption): string {
  const parts = [`-l ${name}`];
  if (short !== undefined) parts.push(`-s ${short}`);
  if (choices !== undefined) parts.push(`-x -a ${quote(choices.join(' '))}`);
  else if (complete === 'file') parts.push('-r -F');
  else if (complete === 'interface') parts.push('-x -a "(ls /sys/class/net)"');
  else if (value !== undefined) parts.push('-x');
  return parts.join(' ');
}

function quote(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
