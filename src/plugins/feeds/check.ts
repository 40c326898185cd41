import type { Feed } from '../../model/config-feeds.ts';
import { NetxfwError } from '../../model/errors.ts';
import { PrefixTable } from '../../model/prefix-table.ts';
import { covers, type Prefix, parsePrefix } from '../../model/prefixes.ts';
import type { ProtectedAddresses } from '../protected.ts';

/** Networks that no public list can mean: private, shared, link-local, loopback, multicast, reserved. */
const SPECIAL = [
  ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.168.0.0/16'],
  ...['224.0.0.0/3', '::/8', 'fc00::/7', 'fe80::/10', 'ff00::/8'],
].map((text) => parsePrefix(text).prefix);

/** Share of unreadable entries above which a list is not what it should be: an error page, another format. */
const MAX_INVALID = 0.1;
/** As many of them are enough to know. */
const MOST_INVALID = 100_000;

/** What a list holds once it was looked at. */
export interface CheckedList {
  readonly v4: PrefixTable;
  readonly v6: PrefixTable;
  readonly invalid: number;
  readonly firstInvalid: string | null;
  /** Left out because they would hit private networks, or what this host needs. */
  readonly leftOut: number;
  /** Left out because they are wider than the feed may be. */
  readonly tooWide: number;
}

type Bounds = Pick<Feed, 'max_entries' | 'min_prefix_v4' | 'min_prefix_v6' | 'keep_private' | 'action'>;

/**
 * Looks at a list as it comes, and keeps no more of it than it may have.
 * @throws NetxfwError INVALID_INPUT when the list cannot be what it should be, and what reading throws
 */
export async function checkList(
  batches: AsyncIterable<Iterable<string>> | Iterable<Iterable<string>>,
  bounds: Bounds,
  protect: ProtectedAddresses,
): Promise<CheckedList> {
  const [v4, v6] = [new PrefixTable(4), new PrefixTable(6)];
  let invalid = 0;
  let firstInvalid: string | null = null;
  let leftOut = 0;
  let tooWide = 0;
  let seen = 0;
  const needed = [...protect.addresses(), ...(bounds.keep_private ? [] : SPECIAL)];
  const untouchable = bounds.action === 'deny' ? new Untouchable(needed) : undefined;
  const take = (text: string): void => {
    seen++;
    const prefix = parsed(text);
    if (prefix === undefined) {
      invalid++;
      firstInvalid ??= text.slice(0, 60);
      if (invalid > MOST_INVALID) throw noAddresses();
      return;
    }
    const shortest = prefix.family === 4 ? bounds.min_prefix_v4 : bounds.min_prefix_v6;
    if (prefix.length < shortest) tooWide++;
    else if (untouchable?.touches(prefix)) leftOut++;
    else {
      const [a, b, c, d] = prefix.words;
      const rows = prefix.family === 4 ? v4 : v6;
      rows.findOrAdd(a, b, prefix.family === 4 ? 0 : c, d, prefix.length, 0);
    }
    if (v4.size + v6.size > bounds.max_entries) {
      throw wrong(`it has more than ${bounds.max_entries} entries`, 'Raise max_entries if that is right.');
    }
  };
  const noAddresses = () =>
    wrong(`${invalid} of ${seen} entries are no addresses, such as ${JSON.stringify(firstInvalid)}`);
  for await (const batch of batches) for (const text of batch) take(text);
  if (seen > 0 && invalid / seen > MAX_INVALID) throw noAddresses();
  return { v4, v6, invalid, firstInvalid, leftOut, tooWide };
}

/** Prefixes of which none may be touched. IPv4 is compared by number: lists have a million entries. */
class Untouchable {
  readonly #ranges4: readonly (readonly [first: number, last: number])[];
  readonly #six: readonly Prefix[];

  constructor(prefixes: readonly Prefix[]) {
    this.#ranges4 = prefixes.filter(({ family }) => family === 4).map(rangeOf);
    this.#six = prefixes.filter(({ family }) => family === 6);
  }

  touches(prefix: Prefix): boolean {
    if (prefix.family === 6) return this.#six.some((one) => covers(one, prefix) || covers(prefix, one));
    const [first, last] = rangeOf(prefix);
    return this.#ranges4.some(([low, high]) => first <= high && last >= low);
  }
}

function rangeOf({ words, length }: Prefix): readonly [number, number] {
  return [words[3], words[3] + 2 ** (32 - length) - 1];
}

function parsed(text: string): Prefix | undefined {
  try {
    return parsePrefix(text).prefix;
  } catch {
    return undefined;
  }
}

function wrong(message: string, hint = 'Check the address and the format of the feed.'): NetxfwError {
  return new NetxfwError('INVALID_INPUT', message, { hint });
}
