import { NetxfwError } from '../model/errors.ts';

/** @param capacity entries that the map takes, @param wanted entries that it would have */
export function mapFull(map: string, key: string, capacity: number, wanted: number): NetxfwError {
  const refused = wanted - capacity;
  const entries = refused === 1 ? 'entry does' : 'entries do';
  return new NetxfwError('MAP_FULL', `${map} is full: ${refused} ${entries} not fit into its ${capacity}`, {
    hint: `Raise ${key} in config.yaml and run \`netxfw reload\`.`,
    details: { map, capacity, refused },
  });
}
