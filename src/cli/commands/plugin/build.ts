import { buildPlugin } from '../../build-plugin.ts';
import { command } from '../../command.ts';
import type { BuildDocument } from '../../documents-observe.ts';

export default command({
  summary: 'Compile a packet plugin',
  description: `Needs clang and the headers of libbpf (Debian: clang, libbpf-dev, linux-libc-dev). The source includes
    netxfw_plugin.h, which comes with netxfw; CLANG names another compiler.`,
  args: { source: { help: 'C file with one NETXFW_PLUGIN', complete: 'file' } },
  options: {
    output: { short: 'o', value: 'FILE', help: 'object file (default: the source with .o)', complete: 'file' },
  },
  examples: [
    { run: 'netxfw plugin build quota.bpf.c', note: 'makes quota.bpf.o' },
    { run: 'netxfw plugin build quota.bpf.c -o /etc/netxfw/plugins/quota.bpf.o', note: 'where it is to stay' },
  ],
  async run(context, { source, output }) {
    const { variables } = context.environment;
    const file = output ?? `${source.replace(/\.c$/, '')}.o`;
    const { warnings } = await buildPlugin({ source, output: file, clang: variables.CLANG ?? 'clang' });
    for (const warning of warnings) context.out.notice(warning);
    if (context.json) return context.out.json<BuildDocument>({ file });
    await context.out.result(`built ${file}; load it with: netxfw plugin load ${file} SLOT`);
  },
});
