import { REASON_NAMES, type ReasonName, reasonVerdict } from '../../../src/model/reasons.ts';

const PASS = ['#1098ad', '#74c0fc', '#63e6be', '#4263eb', '#a5d8ff', '#0ca678', '#9775fa', '#66a80f'];
const DROP = ['#e03131', '#f59f00', '#e64980', '#9c36b5', '#fd7e14', '#c2255c', '#ffd43b', '#862e9c', '#f76707'];

/** One that occurs often has a colour that none beside it has. */
const FIXED: Partial<Record<ReasonName, string>> = {
  PASS_DEFAULT: '#1098ad',
  PASS_CONNTRACK: '#4dabf7',
  PASS_WHITELIST: '#38d9a9',
  PASS_PORT: '#4263eb',
  PASS_FAILSAFE: '#91a7ff',
  PASS_ARP: '#ced4da',
  DROP_DENIED_HOST: '#e03131',
  DROP_DENIED_NETWORK: '#f06595',
  DROP_DYNAMIC: '#fd7e14',
  DROP_RATE_LIMIT: '#fab005',
  DROP_DEFAULT: '#9c36b5',
  DROP_SYN_LIMIT: '#e8590c',
  DROP_RULE: '#c2255c',
};

export function reasonColor(reason: ReasonName): string {
  const colors = reasonVerdict(reason) === 'pass' ? PASS : DROP;
  return FIXED[reason] ?? colors[REASON_NAMES.indexOf(reason) % colors.length]!;
}
