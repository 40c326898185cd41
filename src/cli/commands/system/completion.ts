import { command } from '../../command.ts';
import { completionScript, SHELLS } from '../../completion/index.ts';

export default command({
  summary: 'Print a completion script for a shell',
  description: `bash: source the output in ~/.bashrc, or keep it as /etc/bash_completion.d/netxfw. zsh: keep it as
    _netxfw in a directory of $fpath. fish: keep it as ~/.config/fish/completions/netxfw.fish.`,
  args: { shell: { help: 'the shell', choices: SHELLS } },
  examples: [{ run: 'netxfw completion bash > /etc/bash_completion.d/netxfw', note: 'for all users of bash' }],
  async run(context, { shell }) {
    await context.out.write(await completionScript(shell));
  },
});
