import { NetxfwError } from '../model/errors.ts';
import { say } from '../model/messages.ts';

/** @param capacity entries that the map takes, @param wanted entries that it would have */
export function mapFull(map: string, key: string, capacity: number, wanted: number): NetxfwError {
  const refused = wanted - capacity;
  const message =
    refused === 1 ? say('refused.full', { map, capacity }) : say('refused.fullMany', { map, refused, capacity });
  return new NetxfwError('MAP_FULL', message, {
    hint: say('refused.full.do', { key }),
    details: { map, capacity, refused },
  });
}
