import { describe, expect, it } from 'vitest';
import { en, type TextKey } from './en/index.ts';
import { translate } from './i18n.ts';
import { warningText } from './warnings.ts';
import { zh } from './zh/index.ts';

const keys = Object.keys(en) as TextKey[];
const names = (text: string) => [...new Set(text.match(/\{\w+\}/g))].sort();

describe('the texts', () => {
  it('have the same values in both languages', () => {
    expect(Object.keys(zh).sort()).toEqual(Object.keys(en).sort());
    expect(keys.filter((key) => names(en[key]).join() !== names(zh[key]).join())).toEqual([]);
  });

  it('are Chinese where they are to be', () => {
    // Names and units that are the same everywhere.
    const same = keys.filter((key) => zh[key] === en[key]);
    expect(same.filter((key) => /[a-z]{4,} [a-z]{3,}/i.test(en[key]))).toEqual([]);
  });

  it('choose one or many by their number', () => {
    expect(translate('rules.found', { n: 1 })).toBe('1 entry');
    expect(translate('rules.found', { n: 12_345 })).toBe('12,345 entries');
  });
});

it('usual warnings of the daemon are known in Chinese, others stay', () => {
  const warning =
    'lock_hosts is 95 % full (95 of 100): raise capacity.lock_hosts in config.yaml and run `netxfw reload`';
  expect(warningText(warning, 'zh')).toMatch(/^lock_hosts 已用 95%（95 \/ 100）.*capacity\.lock_hosts/);
  expect(warningText(warning, 'en')).toBe(warning);
  expect(warningText('something new', 'zh')).toBe('something new');
});
