import { eth, HOST4, icmp, ipv4, ipv6, PEER4, payload, sctp, tcp, udp } from '../../support/packet.ts';
import type { PacketCase, RuleInput } from '../../support/packet-case.ts';

const deny = (from: string, port: number, protocol: RuleInput['protocol'] = 'any'): RuleInput => ({
  from,
  port,
  protocol,
  action: 'deny',
});
const allow = (from: string, port: number, protocol: RuleInput['protocol'] = 'any'): RuleInput => ({
  from,
  port,
  protocol,
  action: 'allow',
});

const rule = (
  title: string,
  rules: readonly RuleInput[],
  expect: PacketCase['expect'],
  defaultDeny = false,
): PacketCase => ({
  title: `rule: ${title}`,
  setup: { rules, config: { defaultDeny } },
  packet: [eth(), ipv4(), tcp({ dport: 7070 })],
  expect,
});
const rule6 = (
  title: string,
  rules: readonly RuleInput[],
  expect: PacketCase['expect'],
  defaultDeny = false,
): PacketCase => ({
  title: `rule: ${title}`,
  setup: { rules, config: { defaultDeny } },
  packet: [eth(), ipv6(), udp({ dport: 7070 })],
  expect,
});

export const portRules: readonly PacketCase[] = [
  rule('deny a port for everyone', [deny('0.0.0.0/0', 7070)], 'DROP_RULE'),
  rule('another port', [deny('0.0.0.0/0', 7071)], 'PASS_DEFAULT'),
  rule('the source port is not meant', [deny('0.0.0.0/0', 40000)], 'PASS_DEFAULT'),
  rule('deny TCP', [deny('0.0.0.0/0', 7070, 'tcp')], 'DROP_RULE'),
  rule('deny UDP is not TCP', [deny('0.0.0.0/0', 7070, 'udp')], 'PASS_DEFAULT'),
  rule('deny a host', [deny('192.0.2.1', 7070)], 'DROP_RULE'),
  rule('deny another host', [deny('192.0.2.2', 7070)], 'PASS_DEFAULT'),
  rule('deny a network', [deny('192.0.2.0/24', 7070)], 'DROP_RULE'),
  rule('allow under default deny', [allow('192.0.2.0/24', 7070)], 'PASS_RULE', true),
  rule('allow another network under default deny', [allow('198.18.0.0/15', 7070)], 'DROP_DEFAULT', true),
  rule('allow under default allow', [allow('192.0.2.0/24', 7070)], 'PASS_RULE'),
  rule('the longest prefix: allow in deny', [deny('0.0.0.0/0', 7070), allow('192.0.2.0/24', 7070)], 'PASS_RULE'),
  rule('the longest prefix: deny in allow', [allow('0.0.0.0/0', 7070), deny('192.0.2.1', 7070)], 'DROP_RULE', true),
  rule(
    'the prefix before the protocol',
    [deny('192.0.2.0/24', 7070, 'tcp'), allow('192.0.2.1', 7070, 'any')],
    'PASS_RULE',
  ),
  rule('the protocol before any', [deny('192.0.2.1', 7070, 'any'), allow('192.0.2.1', 7070, 'tcp')], 'PASS_RULE'),
  rule(
    'the protocol before any, the other way round',
    [allow('192.0.2.1', 7070, 'any'), deny('192.0.2.1', 7070, 'tcp')],
    'DROP_RULE',
  ),
  rule(
    'a longer prefix of another protocol',
    [deny('192.0.2.1', 7070, 'udp'), allow('192.0.0.0/8', 7070, 'tcp')],
    'PASS_RULE',
  ),
  rule('a longer prefix of another port', [deny('192.0.2.1', 7071), allow('192.0.0.0/8', 7070)], 'PASS_RULE'),
  rule('::/0 is not IPv4', [deny('::/0', 7070)], 'PASS_DEFAULT'),
  rule6('0.0.0.0/0 is not IPv6', [deny('0.0.0.0/0', 7070)], 'PASS_DEFAULT'),
  rule6('deny a port for every IPv6 source', [deny('::/0', 7070)], 'DROP_RULE'),
  rule6('allow an IPv6 network', [allow('2001:db8::/32', 7070, 'udp')], 'PASS_RULE', true),
  rule6('the longest IPv6 prefix', [deny('2001:db8::/32', 7070), allow('2001:db8::1', 7070)], 'PASS_RULE', true),
  rule6('the protocol before any, IPv6', [allow('::/0', 7070, 'udp'), deny('::/0', 7070)], 'PASS_RULE', true),
  {
    title: 'rule: port 65535',
    setup: { rules: [deny('0.0.0.0/0', 65535)] },
    packet: [eth(), ipv4(), udp({ dport: 65535 })],
    expect: 'DROP_RULE',
  },
  {
    title: 'rule: ICMP has no port',
    setup: { rules: [deny('0.0.0.0/0', 1)] },
    packet: [eth(), ipv4(), icmp({ id: 1 })],
    expect: 'PASS_DEFAULT',
  },
  {
    title: 'rule: SCTP has no port here',
    setup: { rules: [deny('0.0.0.0/0', 80)] },
    packet: [eth(), ipv4(), sctp()],
    expect: 'PASS_DEFAULT',
  },
  {
    title: 'rule: a first fragment has a port',
    setup: { rules: [deny('0.0.0.0/0', 80)] },
    packet: [eth(), ipv4({ more: true }), tcp(), payload(4)],
    expect: 'DROP_RULE',
  },
  {
    title: 'rule: a denied failsafe port',
    setup: { rules: [deny(PEER4, 22)], config: { defaultDeny: true } },
    packet: [eth(), ipv4(), tcp({ dport: 22 })],
    expect: 'DROP_RULE',
  },
  {
    title: 'rule: an open port denied to one network',
    setup: { rules: [deny('192.0.2.0/24', 80)], config: { defaultDeny: true, openTcp: [80] } },
    packet: [eth(), ipv4(), tcp()],
    expect: 'DROP_RULE',
  },
  {
    title: 'rule: the destination address is not looked at',
    setup: { rules: [deny(HOST4, 80)] },
    packet: [eth(), ipv4(), tcp()],
    expect: 'PASS_DEFAULT',
  },
  {
    title: 'rule: an allowed source that is denied stays denied',
    setup: { rules: [allow('192.0.2.1', 80)], deny: ['192.0.2.1'] },
    packet: [eth(), ipv4(), tcp()],
    expect: 'DROP_DENIED_HOST',
  },
];
