export function median(values: readonly number[]): number {
  if (values.length === 0) throw new Error('no value to take the median of');
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

export type Contenders = Readonly<Record<string, () => number | Promise<number>>>;

/**
 * Runs all contenders once a round, in alternating order, so that what disturbs the machine disturbs all of them alike.
 * @returns the median of each
 */
export async function alternate<C extends Contenders>(contenders: C, rounds: number): Promise<Record<keyof C, number>> {
  const entries = Object.entries(contenders);
  const measured = new Map<string, number[]>(entries.map(([name]) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const [name, run] of round % 2 === 0 ? entries : entries.toReversed()) measured.get(name)!.push(await run());
  }
  return Object.fromEntries([...measured].map(([name, values]) => [name, median(values)])) as Record<keyof C, number>;
}
