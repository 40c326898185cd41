import { describe, expect, it } from 'vitest';
import { migrate } from './migrations.ts';

describe('migrate', () => {
  const steps = {
    1: (document: Readonly<Record<string, unknown>>) => ({ ...document, two: true }),
    2: (document: Readonly<Record<string, unknown>>) => ({ ...document, three: document.two }),
  };

  it('leaves a document of the current version alone', () => {
    const document = { version: 1, groups: [] };
    expect(migrate(document)).toBe(document);
  });

  it('takes every step in order', () => {
    expect(migrate({ version: 1 }, steps, 3)).toEqual({ version: 3, two: true, three: true });
    expect(migrate({ version: 2 }, steps, 3)).toEqual({ version: 3, three: undefined });
  });

  it.each([
    [null, /not a JSON object/],
    [[], /not a JSON object/],
    [{}, /"version" must be a whole number/],
    [{ version: '1' }, /"version" must be a whole number/],
    [{ version: 0 }, /version 0 is not known/],
    [{ version: 4 }, /newer netxfw; this one reads up to version 3/],
  ])('refuses %j', (document, message) => {
    expect(() => migrate(document, steps, 3)).toThrow(message);
  });
});
