import type { ExplainRequest } from '../../../model/explain.ts';
import { parseAddress } from '../../../model/prefixes.ts';
import { parseProtocol } from '../../../model/protocols.ts';
import { command } from '../../command.ts';
import type { ExplainDocument } from '../../documents-observe.ts';
import { portNumber, wholeNumber } from '../../input.ts';
import { printExplanation } from '../../output/explain.ts';

export default command({
  summary: 'Show what becomes of a packet, and why',
  description: `Nothing is sent: the filter's own program judges the packet in the kernel, with the rules, limits and
    connections as they are now and without side effects, and the entry that decides is named.`,
  args: {
    source: { help: 'address that it comes from' },
    destination: { help: 'address of this host (default: one of the same family)', optional: true },
  },
  options: {
    proto: { short: 'p', value: 'PROTOCOL', help: 'tcp (default), udp, icmp, icmpv6, gre ... or a number' },
    sport: { value: 'PORT', help: 'source port' },
    dport: { value: 'PORT', help: 'destination port' },
    flags: { value: 'FLAGS', help: 'TCP flags by their letters SAFRPU (default S)' },
    'icmp-type': { value: 'TYPE', help: 'ICMP type (default: echo request)' },
    'icmp-code': { value: 'CODE', help: 'ICMP code' },
    vlan: { value: 'ID', help: 'in this VLAN' },
    fragment: { value: 'WHICH', choices: ['none', 'first', 'late'], help: 'as a fragment' },
    out: { help: 'as a packet that this host sends: what would be remembered of it?' },
    interface: { short: 'i', value: 'NAME', help: 'on this interface', complete: 'interface' },
  },
  examples: [
    { run: 'netxfw explain 192.0.2.7 --dport 443', note: 'can this customer reach the web server?' },
    { run: 'netxfw explain 2001:db8::7 --proto icmpv6', note: 'may he ping?' },
    { run: 'netxfw explain 192.0.2.7 --proto udp --sport 53 --dport 40000', note: 'an answer of a name server' },
  ],
  async run(context, { source, destination, proto, sport, dport, flags, vlan, fragment, out, ...rest }) {
    parseAddress(source);
    if (destination !== undefined) parseAddress(destination);
    if (proto !== undefined) parseProtocol(proto);
    const numbers = {
      sourcePort: sport === undefined ? undefined : portNumber(sport),
      destinationPort: dport === undefined ? undefined : portNumber(dport),
      icmpType: wholeNumber('--icmp-type', rest['icmp-type'], 0),
      icmpCode: wholeNumber('--icmp-code', rest['icmp-code'], 0),
      vlan: wholeNumber('--vlan', vlan, 0),
    };
    const words = { destination, protocol: proto, flags, fragment, interface: rest.interface };
    const given = Object.entries({ ...words, ...numbers }).filter(([, value]) => value !== undefined);
    const request = { source, direction: out ? 'out' : 'in', ...Object.fromEntries(given) } as ExplainRequest;
    const sdk = await context.sdk();
    const explain = await sdk.explain.explain(request);
    if (context.json) return context.out.json<ExplainDocument>({ explain });
    await printExplanation(context, explain);
  },
});
