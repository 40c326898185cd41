import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PrefixList } from '../../src/model/prefix-list.ts';
import { parsePrefix } from '../../src/model/prefixes.ts';
import { ROOT } from './objects.ts';
import { hostList4, list6, random6, randomHosts4, randomNetworks4 } from './sources.ts';

const FEEDS = join(ROOT, '../shared/data/feeds');
const COUNTRIES4 = 172_627;
const COUNTRIES6 = 73_731;
const HOSTS = 120_430;

export interface Feeds {
  /** False: the published lists do not lie beside the checkout, and these are random ones of the same sizes. */
  readonly real: boolean;
  /** All networks of all countries. */
  readonly countries4: PrefixList;
  readonly countries6: PrefixList;
  /** Addresses seen on public blacklists. */
  readonly hosts4: PrefixList;
}

/** The published lists when they are there. */
export function readFeeds(say: (text: string) => void): Feeds {
  const files = ['countries-v4.csv', 'countries-v6.csv', 'ipsum-level1.txt'].map((name) => join(FEEDS, name));
  if (files.every((file) => existsSync(file))) {
    const [countries4, countries6, hosts4] = files.map(readList);
    return { real: true, countries4: countries4!, countries6: countries6!, hosts4: hosts4! };
  }
  say('the published lists do not lie beside this checkout: random ones of the same sizes stand in for them');
  return {
    real: false,
    countries4: randomNetworks4(COUNTRIES4, 101),
    countries6: list6(random6(COUNTRIES6, 102), 40),
    hosts4: hostList4(randomHosts4(HOSTS, 103)),
  };
}

/** One prefix a line, or `country,prefix` below a heading. */
function readList(file: string): PrefixList {
  const list = new PrefixList();
  const lines = readFileSync(file, 'utf8').split('\n');
  for (const line of file.endsWith('.csv') ? lines.slice(1) : lines) {
    const text = line.slice(line.indexOf(',') + 1).trim();
    if (text !== '') list.push(parsePrefix(text).prefix);
  }
  return list;
}
