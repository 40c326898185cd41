import { writeFileSync } from 'node:fs';
import type { PrefixList } from '../../src/model/prefix-list.ts';
import { formatAddress4 } from '../../src/model/prefixes.ts';
import { FW_DEVICE } from '../../test/support/lab.ts';
import type { Namespace } from '../../test/support/netns.ts';

/** What else a Linux host can drop a list of sources with. */
export interface Rival {
  readonly name: string;
  /** Writes the list as its own tool reads it. */
  write(list: PrefixList, file: string): void;
  /** Loads what `write` has written; everything but the list itself. */
  readonly load: readonly string[];
  /** Bytes of kernel memory, where the tool says so. */
  memory?(at: Namespace): number;
}

const TIMEOUT = 120_000;

function texts(list: PrefixList): string[] {
  const { addresses4, lengths4, count4 } = list;
  return Array.from({ length: count4 }, (_, i) => {
    const address = formatAddress4(addresses4[i]!);
    return lengths4[i] === 32 ? address : `${address}/${lengths4[i]}`;
  });
}

const isHosts = (list: PrefixList): boolean => list.lengths4.subarray(0, list.count4).every((length) => length === 32);

/** hash:net for networks, hash:ip for hosts: each the faster one for its purpose. */
export const IPSET: Rival = {
  name: 'ipset + iptables raw',
  write(list, file) {
    const type = isHosts(list) ? 'hash:ip' : 'hash:net';
    const lines = texts(list).map((text) => `add bad ${text}`);
    writeFileSync(file, `create bad ${type} maxelem ${Math.max(65_536, list.count4)}\n${lines.join('\n')}\n`);
  },
  load: ['ipset', '-exist', 'restore', '-file'],
  memory: (at) => Number(/Size in memory: (\d+)/.exec(at.runSync(['ipset', 'list', '-t', 'bad']).stdout)?.[1]),
};

/** The rule that makes ipset's list drop anything. */
export function useIpset(at: Namespace): void {
  const rule = ['-I', 'PREROUTING', '-i', FW_DEVICE, '-m', 'set', '--match-set', 'bad', 'src', '-j', 'DROP'];
  must(at, ['iptables', '-t', 'raw', ...rule]);
}

function nft(name: string, flags: string): Rival {
  return {
    name,
    write(list, file) {
      writeFileSync(
        file,
        `table netdev f {
  set bad { type ipv4_addr; ${flags} size ${Math.max(65_536, list.count4)}; elements = { ${texts(list).join(', ')} } }
  chain in { type filter hook ingress device "${FW_DEVICE}" priority 0; ip saddr @bad drop; }
}
`,
      );
    },
    load: ['nft', '-f'],
  };
}

export const NFT_SET = nft('nft set', '');
export const NFT_INTERVAL = nft('nft interval set', 'flags interval; auto-merge;');

/** Loads a written list and puts it in force. @returns milliseconds of the load */
export function loadRival(rival: Rival, at: Namespace, file: string): number {
  const started = performance.now();
  must(at, [...rival.load, file]);
  const took = performance.now() - started;
  if (rival === IPSET) useIpset(at);
  return took;
}

export function must(at: Namespace, command: readonly string[]): string {
  const { status, stdout, stderr } = at.runSync(command, { timeout: TIMEOUT });
  if (status !== 0) throw new Error(`${command.slice(0, 6).join(' ')}: exit code ${status}: ${stderr.slice(0, 500)}`);
  return stdout;
}
