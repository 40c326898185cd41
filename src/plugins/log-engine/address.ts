import { formatPrefix, maskWord, type Prefix, parsePrefix, prefix6 } from '../../model/prefixes.ts';

/** A run of what addresses are made of, not in the middle of a word. */
const CANDIDATE = /(?<![\w.:-])[0-9a-fA-F:.]{2,60}(?![\w-]|\.\w)/g;
const WITH_PORT4 = /^(\d{1,3}(?:\.\d{1,3}){3}):\d{1,5}$/;
const BRACKETED = /^\[([0-9a-fA-F:.]+)\](?::\d{1,5})?$/;
const DOTTED = /^\d{1,3}(\.\d{1,3}){3}$/;

/** The host that a text is: an address, with or without a port or brackets; undefined for names and everything else. */
export function parseHost(text: string): Prefix | undefined {
  const bare = (BRACKETED.exec(text) ?? WITH_PORT4.exec(text))?.[1] ?? text;
  if (!DOTTED.test(bare) && !bare.includes(':')) return undefined;
  try {
    return parsePrefix(bare).prefix;
  } catch {
    return undefined;
  }
}

/** The first address in a line. */
export function firstAddress(line: string): Prefix | undefined {
  CANDIDATE.lastIndex = 0;
  for (let found = CANDIDATE.exec(line); found !== null; found = CANDIDATE.exec(line)) {
    // Sentences end with dots, and fields with colons.
    const text = found[0].replace(/[.:]$/, '');
    const host =
      text.includes('.') || text.includes('::') || text.split(':').length === 8 ? parseHost(text) : undefined;
    if (host !== undefined) return host;
  }
  return undefined;
}

/** What is counted and blocked for an attacker: an IPv4 host, an IPv6 network of `v6` bits. */
export function offender(host: Prefix, v6: number): string {
  if (host.family === 4 || v6 === 128) return formatPrefix(host);
  const words = host.words.map((word, i) => maskWord(word, v6 - i * 32)) as [number, number, number, number];
  return formatPrefix(prefix6(words, v6));
}
