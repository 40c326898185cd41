import type { PacketCase } from '../../support/packet-case.ts';
import { bogons } from './bogons.ts';
import { egress, replies } from './conntrack.ts';
import { ethernet } from './ethernet.ts';
import { fragments } from './fragments.ts';
import { ipv4Header } from './ipv4.ts';
import { extensions, ipv6Header } from './ipv6.ts';
import { autoBlock, icmpLimits, sourceLimits, synLimits } from './limits.ts';
import { denied, dynamic, whitelist } from './lists.ts';
import { defaults, essential, monitor } from './policy.ts';
import { errors } from './related.ts';
import { portRules } from './rules.ts';
import { fragmentsOff, reversePath, sources, tcpFlags } from './sanity.ts';
import { transport } from './transport.ts';

/** All cases by the stage that they are about, in the order of the packet path. */
export const STAGES: Readonly<Record<string, readonly PacketCase[]>> = {
  Ethernet: ethernet,
  'IPv4 header': ipv4Header,
  'IPv6 header': ipv6Header,
  'extension headers': extensions,
  'layer 4': transport,
  'impossible sources': sources,
  'reverse path': reversePath,
  'fragments switched off': fragmentsOff,
  'TCP flags': tcpFlags,
  bogons,
  whitelist,
  'dynamic blacklist': dynamic,
  'static blacklist': denied,
  'limits by source': sourceLimits,
  'SYN limit': synLimits,
  'ICMP limit': icmpLimits,
  'automatic blocks': autoBlock,
  replies,
  egress,
  'ICMP errors': errors,
  fragments,
  'ip+port rules': portRules,
  'essential services': essential,
  'default policy': defaults,
  'monitor mode': monitor,
};
