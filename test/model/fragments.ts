import type { ReasonName } from '../../src/model/reasons.ts';
import type { Address } from './address.ts';
import { text } from './address.ts';
import type { IpPacket } from './parsed.ts';
import type { State } from './state.ts';

const REMEMBERED = 30_000;

/** All fragments of one packet share it. IPv6 has no protocol in it: 44, the fragment header, stands there. */
export function fragmentKey({ family, source, destination, identification, protocol }: IpPacket): string {
  return fragmentText(source, destination, identification, family === 4 ? protocol : 44);
}

export function fragmentText(source: Address, destination: Address, id: number, protocol: number): string {
  return `${text(source)} > ${text(destination)} id ${id} protocol ${protocol}`;
}

/** A late fragment has no ports: it shares the verdict of its first fragment. */
export function judgeLate(state: State, packet: IpPacket, now: number): ReasonName {
  const first = state.fragments.get(fragmentKey(packet));
  if (first !== undefined && now - first.seenAt <= REMEMBERED) {
    return first.pass ? 'PASS_FRAGMENT' : 'DROP_LATE_FRAGMENT';
  }
  return state.config.defaultDeny ? 'DROP_DEFAULT' : 'PASS_DEFAULT';
}

/** What unknown ones get anyway is remembered only when it takes something else back. */
export function rememberFirst(state: State, packet: IpPacket, reason: ReasonName, now: number): void {
  if (packet.fragment !== 'first') return;
  const key = fragmentKey(packet);
  const pass = reason.startsWith('PASS_');
  const asUnknown = pass === !state.config.defaultDeny;
  if (asUnknown && !state.fragments.has(key)) return;
  state.fragments.set(key, { pass, seenAt: now });
}
