import type { Claim, EntryMeta } from './entries.ts';

/**
 * Several sources may want the same prefix: two feeds that overlap, a feed and a person. The entry lives as long as one of
 * them wants it, so it keeps what each of them said. Shown, and kept by the kernel, is the claim that lasts longest.
 */

/** Sources whose entries are replaced as a whole have a kind and a name, `feed:spamhaus`; people's have none. */
export function isManaged(source: string): boolean {
  return source.includes(':');
}

/** Everything made by hand, one by one or from a file, is one claim: the last word of a person counts. */
function sameClaimant(a: string, b: string): boolean {
  return a === b || (!isManaged(a) && !isManaged(b));
}

/** Every claim on an entry, the shown one first. */
export function claimsOf(meta: EntryMeta): readonly Claim[] {
  if (meta.also === undefined) return [meta];
  const { also, ...shown } = meta;
  return [shown, ...also];
}

/** What a source says of an entry; undefined when it does not want it. */
export function claimOf(meta: EntryMeta, source: string): Claim | undefined {
  if (meta.also === undefined) return sameClaimant(meta.source, source) ? meta : undefined;
  return claimsOf(meta).find((claim) => sameClaimant(claim.source, source));
}

/** The entry with a claim added, or exchanged for the one that its source had. Claims that have ended by `now` are left out. */
export function withClaim(meta: EntryMeta | undefined, claim: Claim, now: number): EntryMeta {
  const others = meta === undefined ? [] : claimsOf(meta).filter(({ source }) => !sameClaimant(source, claim.source));
  return joined([...others.filter((other) => lasts(other) > now), claim])!;
}

/** The entry without the claim of a source; undefined when nobody wants it any more. */
export function withoutClaim(meta: EntryMeta, source: string, now: number): EntryMeta | undefined {
  return joined(claimsOf(meta).filter((claim) => !sameClaimant(claim.source, source) && lasts(claim) > now));
}

function lasts({ expiresAt }: Claim): number {
  return expiresAt ?? Number.POSITIVE_INFINITY;
}

function joined(claims: readonly Claim[]): EntryMeta | undefined {
  const [first, ...also] = claims.toSorted(
    (a, b) =>
      // Infinity minus itself is no number.
      (lasts(a) === lasts(b) ? 0 : lasts(b) - lasts(a)) ||
      Number(isManaged(a.source)) - Number(isManaged(b.source)) ||
      (a.source < b.source ? -1 : 1),
  );
  if (first === undefined || also.length === 0) return first;
  return { ...first, also };
}
