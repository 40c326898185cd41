import type { IpPortAction } from './open-ports.ts';
import { formatPorts, type PortRange } from './ports.ts';
import { formatPrefix, type Prefix } from './prefixes.ts';

/** A limit as it is kept. Times are Unix milliseconds. */
export interface LimitRecord {
  readonly prefix: Prefix;
  readonly rate: number;
  readonly burst: number;
  readonly createdAt: number;
}

/** An open port or range as it is kept. */
export interface PortRecord extends PortRange {
  readonly createdAt: number;
}

/** An ip+port rule as it is kept. */
export interface IpPortRecord extends PortRange {
  readonly prefix: Prefix;
  readonly action: IpPortAction;
  readonly reason: string;
  readonly createdAt: number;
}

export interface PolicyRecord {
  readonly limits: LimitRecord;
  readonly ports: PortRecord;
  readonly ipPortRules: IpPortRecord;
}

export const POLICY_KINDS = ['limits', 'ports', 'ipPortRules'] as const;
export type PolicyKind = (typeof POLICY_KINDS)[number];

/** Everything that commands made besides list entries. */
export type PolicyRecords = { readonly [Kind in PolicyKind]: readonly PolicyRecord[Kind][] };

export const NO_RECORDS: PolicyRecords = { limits: [], ports: [], ipPortRules: [] };

/** What may be there only once: `192.0.2.0/24`, `443/tcp`, `192.0.2.0/24 5432/tcp`. */
export const keyOfRecord: { readonly [Kind in PolicyKind]: (record: PolicyRecord[Kind]) => string } = {
  limits: ({ prefix }) => formatPrefix(prefix),
  ports: formatPorts,
  ipPortRules: (rule) => `${formatPrefix(rule.prefix)} ${formatPorts(rule)}`,
};
