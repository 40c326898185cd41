import type { ReasonName } from '../../src/model/reasons.ts';
import { isRelated, isReply } from './conntrack.ts';
import { judgeLate, rememberFirst } from './fragments.ts';
import { checkLimits } from './limits.ts';
import { isDynamicallyBlocked, isWhitelisted, judgeDenied } from './lists.ts';
import { parse } from './parse.ts';
import type { IpPacket } from './parsed.ts';
import { judgeDefault, judgeRules, judgeServices } from './policy.ts';
import { checkSanity, isBogon } from './sanity.ts';
import type { Arrival, Judgement, State } from './state.ts';

/**
 * The packet path of docs/explanation/packet-path.md in plain code, written from that page alone: slow, and one step
 * after the other. Changes what packets change in `state`.
 */
export function judge(state: State, frame: Uint8Array, arrival: Arrival): Judgement {
  const reason = decide(state, frame, arrival);
  const drop = reason.startsWith('DROP_') && !state.config.monitor;
  return { verdict: drop ? 'drop' : 'pass', reason };
}

function decide(state: State, frame: Uint8Array, arrival: Arrival): ReasonName {
  const parsed = parse(frame);
  if ('decided' in parsed) return parsed.decided;
  if ('otherEtherType' in parsed) return state.config.strictProtocol ? 'DROP_ETHERTYPE' : 'PASS_NON_IP';
  const early = judgeSource(state, parsed, arrival);
  if (early !== null) return early;
  const reason = judgeTraffic(state, parsed, arrival.now);
  rememberFirst(state, parsed, reason, arrival.now);
  return reason;
}

/** Steps 3 to 6: what the source's address decides. */
function judgeSource(state: State, packet: IpPacket, { ifindex, now }: Arrival): ReasonName | null {
  const insane = checkSanity(state, packet, ifindex);
  if (insane !== null) return insane;
  if (isWhitelisted(state, packet.source, now)) return 'PASS_WHITELIST';
  if (isBogon(state, packet)) return 'DROP_BOGON';
  if (isDynamicallyBlocked(state, packet.source, now)) return 'DROP_DYNAMIC';
  return judgeDenied(state, packet.source, now);
}

/** Steps 7 to 11. */
function judgeTraffic(state: State, packet: IpPacket, now: number): ReasonName {
  const over = checkLimits(state, packet, now);
  if (over !== null) return over;
  if (packet.fragment === 'late') return judgeLate(state, packet, now);
  if (isReply(state, packet, now)) return 'PASS_CONNTRACK';
  if (isRelated(state, packet, now)) return 'PASS_RELATED';
  return judgeRules(state, packet) ?? judgeServices(state, packet) ?? judgeDefault(state, packet);
}
