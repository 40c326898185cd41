import { readdirSync, readlinkSync } from 'node:fs';

/** How many descriptors of each kind this process holds: `bpf-map`, `bpf-prog`, `bpf_link`, `btf`. */
export function countBpfDescriptors(): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const fd of readdirSync('/proc/self/fd')) {
    let target: string;
    try {
      target = readlinkSync(`/proc/self/fd/${fd}`);
    } catch {
      continue; // The descriptor that listed the directory.
    }
    const kind = /^anon_inode:\[?(bpf[-_]\w+|btf)\]?$/.exec(target)?.[1];
    if (kind !== undefined) counts[kind] = (counts[kind] ?? 0) + 1;
  }
  return counts;
}
