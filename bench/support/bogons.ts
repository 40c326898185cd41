import { PrefixList } from '../../src/model/prefix-list.ts';
import { parsePrefix } from '../../src/model/prefixes.ts';
import { bogonTexts } from '../../test/model/bogons.ts';

/** IPv4 sources that the bogon filter drops: no stranger comes from there. */
export function bogons4(): PrefixList {
  return PrefixList.of(...bogonTexts().flatMap((text) => (text.includes(':') ? [] : [parsePrefix(text).prefix])));
}
