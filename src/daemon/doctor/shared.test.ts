import { expect, it } from 'vitest';
import { note } from './findings.ts';
import { shared } from './shared.ts';

it('a report is shared for a few seconds, and one that failed is not', async () => {
  let looks = 0;
  let now = 0;
  let fails = false;
  const report = shared(
    async () => {
      looks++;
      if (fails) throw new Error('gone');
      return [note('looks', String(looks))];
    },
    () => now,
  );
  const first = report();
  expect(await report()).toBe(await first);
  now = 4999;
  await report();
  expect(looks).toBe(1);
  now = 5000;
  expect(await report()).toEqual([note('looks', '2')]);
  now = 20_000;
  fails = true;
  await expect(report()).rejects.toThrow('gone');
  fails = false;
  expect(await report()).toEqual([note('looks', '4')]);
});
