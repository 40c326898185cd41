import fc from 'fast-check';
import { HOST4, HOST6, PEER4, PEER6 } from '../../support/packet.ts';
import type { EntryInput, FlowInput, LimitInput, RuleInput, Setup } from '../../support/packet-case.ts';
import { network, text } from '../address.ts';
import type { Config } from '../state.ts';
import { identifier, localPort, port, prefix, protocolNumber, remotePort, source4, source6 } from './pools.ts';

/** What may change without loading another program. */
export type Values = Pick<
  Config,
  'failsafePorts' | 'allowedProtocols' | 'openTcp' | 'openUdp' | 'icmpRate' | 'icmpBurst' | 'synRate' | 'synBurst'
>;

const HOUR = 1 / 3600;

/** Far enough from now, and from now after every wait, that a slow run changes nothing. */
const expiry = fc.constantFrom(-7200, 60, 7200);

const key = (input: string): string => {
  const { bits, family, length } = network(input);
  return `${text({ family, bits })}/${length}`;
};
const keyOf = (input: EntryInput): string => key(typeof input === 'string' ? input : input[0]);

const entry: fc.Arbitrary<EntryInput> = fc.oneof(
  { weight: 3, arbitrary: prefix },
  { weight: 2, arbitrary: fc.tuple(prefix, expiry) },
);

/** One network after the other around the same address: what makes a look-up go on, and give up in the end. */
const nest: fc.Arbitrary<readonly EntryInput[]> = fc
  .tuple(fc.oneof(source4, source6), fc.integer({ min: 6, max: 10 }), fc.boolean())
  .map(([address, count, live]) => {
    const longest = address.includes(':') ? 128 : 32;
    return Array.from({ length: count }, (_, i): EntryInput => {
      const one = `${address}/${longest - i}`;
      return live && i === count - 1 ? one : [one, -7200];
    });
  });

function list(maxLength: number): fc.Arbitrary<readonly EntryInput[]> {
  const entries = fc.oneof(
    { weight: 6, arbitrary: fc.constant([]) },
    { weight: 12, arbitrary: fc.array(entry, { maxLength }) },
    { weight: 1, arbitrary: fc.tuple(fc.array(entry, { maxLength }), nest).map(([a, b]) => [...a, ...b]) },
  );
  return entries.map((all) => unique(all, keyOf));
}

function unique<Value>(all: readonly Value[], name: (value: Value) => string): Value[] {
  return [...new Map(all.map((value) => [name(value), value])).values()];
}

const dynamicHost = fc.oneof(source4, source6, fc.constantFrom('2001:db8::', '2a00::', 'fe80::'));
const dynamic: fc.Arbitrary<readonly EntryInput[]> = fc
  .array(fc.oneof(dynamicHost, fc.tuple(dynamicHost, expiry)), { maxLength: 3 })
  .map((all) => unique<EntryInput>(all, keyOf));

const limits: fc.Arbitrary<readonly LimitInput[]> = fc
  .array(fc.record({ from: prefix, rate: fc.constant(HOUR), burst: fc.integer({ min: 1, max: 6 }) }), { maxLength: 4 })
  .map((all) => unique(all, ({ from }) => key(from)));

/** Rules meet only when they are about the same few sources and ports. */
const rulePrefix = fc.oneof(
  { weight: 2, arbitrary: prefix },
  { weight: 3, arbitrary: fc.constantFrom(PEER4, '192.0.2.0/24', '0.0.0.0/0', PEER6, '2001:db8::/32', '::/0') },
);
const rulePort = fc.oneof(fc.constantFrom(80, 443, 53), port);

const rules: fc.Arbitrary<readonly RuleInput[]> = fc
  .array(
    fc.record({
      from: rulePrefix,
      port: rulePort,
      protocol: fc.constantFrom('tcp' as const, 'udp' as const, 'any' as const),
      action: fc.constantFrom('allow' as const, 'deny' as const),
    }),
    { maxLength: 8 },
  )
  .map((all) => unique(all, (rule) => `${key(rule.from)} ${rule.port} ${rule.protocol}`));

const age = fc.constantFrom(0, 0, 20, 100, 100_000);
const tcpState = fc.constantFrom('SYN_SENT', 'ESTABLISHED', 'FIN_WAIT', 'CLOSED') as fc.Arbitrary<FlowInput['state']>;
const otherState = fc.constantFrom('UNREPLIED', 'REPLIED') as fc.Arbitrary<FlowInput['state']>;

const flow: fc.Arbitrary<FlowInput> = fc
  .record({
    six: fc.boolean(),
    kind: fc.constantFrom('tcp' as const, 'tcp' as const, 'udp' as const, 'echo' as const),
    to4: fc.oneof({ weight: 3, arbitrary: fc.constant(PEER4) }, source4),
    to6: fc.oneof({ weight: 3, arbitrary: fc.constant(PEER6) }, source6),
    ports: fc.tuple(localPort, remotePort),
    id: identifier,
    tcpState,
    otherState,
    age,
  })
  .map(({ six, kind, to4, to6, ports, id, tcpState: a, otherState: b, age: seconds }) => ({
    protocol: kind === 'echo' ? (six ? 'icmp6' : 'icmp') : kind,
    from: six ? HOST6 : HOST4,
    to: six ? to6 : to4,
    ports: kind === 'echo' ? [id, 0] : ports,
    state: kind === 'tcp' ? a : b,
    age: seconds,
  }));

const flows: fc.Arbitrary<readonly FlowInput[]> = fc
  .array(flow, { maxLength: 8 })
  .map((all) => unique(all, ({ protocol, from, to, ports }) => `${protocol} ${from} ${to} ${ports.join()}`));

const ports = fc.uniqueArray(port, { maxLength: 4 });

/** Some budgets off, some that a few packets use up. */
const values: fc.Arbitrary<Values> = fc.record({
  failsafePorts: fc.oneof(fc.constant([22]), ports),
  allowedProtocols: fc.uniqueArray(protocolNumber, { maxLength: 3 }),
  openTcp: ports,
  openUdp: ports,
  icmpRate: fc.constantFrom(0, HOUR, HOUR),
  icmpBurst: fc.integer({ min: 1, max: 12 }),
  synRate: fc.constant(HOUR),
  synBurst: fc.integer({ min: 1, max: 3 }),
});

export interface RandomSetup extends Setup {
  readonly config: Values;
}

export const randomSetup: fc.Arbitrary<RandomSetup> = fc.record({
  config: values,
  allow: list(3),
  deny: list(5),
  dynamic,
  limits,
  rules,
  flows,
});
