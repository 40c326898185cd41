import { NetxfwError } from '../model/errors.ts';
import { REASON_NAMES, type ReasonName, reasonLabel, reasonVerdict, type Verdict } from '../model/reasons.ts';
import { nearest } from './suggest.ts';

/**
 * The reason that a user names: `denied_host` as it is printed, or DROP_DENIED_HOST. A label that a drop and a pass share
 * means the drop unless the verdict says otherwise.
 * @throws NetxfwError USAGE with the nearest reason
 */
export function parseReason(text: string, verdict: Verdict = 'drop'): ReasonName {
  const wanted = text.toLowerCase().replaceAll('-', '_');
  const named = REASON_NAMES.find((name) => name.toLowerCase() === wanted);
  if (named !== undefined) return named;
  const labelled = REASON_NAMES.filter((name) => reasonLabel(name) === wanted);
  const best = labelled.find((name) => reasonVerdict(name) === verdict) ?? labelled[0];
  if (best !== undefined) return best;
  const near = nearest(wanted, REASON_NAMES.map(reasonLabel));
  throw new NetxfwError('USAGE', `there is no reason "${text}"`, {
    hint: near === undefined ? 'See them with `netxfw stats`.' : `Did you mean ${near}?`,
  });
}
