import { describe, expect, it } from 'vitest';
import { ERRORS } from '../../../src/model/errors.ts';
import { MESSAGE_TEXTS, type MessageId } from '../../../src/model/message-texts.ts';
import { say } from '../../../src/model/messages.ts';
import { en, type TextKey } from './en/index.ts';
import { translate } from './i18n.ts';
import { said, zh } from './zh/index.ts';
import { messages } from './zh/messages.ts';

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

describe('what the daemon says', () => {
  it('has the same values in Chinese', () => {
    const ids = Object.keys(MESSAGE_TEXTS) as MessageId[];
    expect(ids.filter((id) => names(MESSAGE_TEXTS[id]).join() !== names(messages[id]).join())).toEqual([]);
  });

  it('is known by its id, with what is in it; anything else stays as it is', () => {
    const full = say('warning.nearlyFull', { name: 'lock_hosts', share: 95, entries: 95, capacity: 100 });
    expect(said(full)).toMatch(/^lock_hosts 已用 95%（95 \/ 100）.*capacity\.lock_hosts/);
    const problem = say('listener.inUse', { at: '127.0.0.1:80', name: 'web' });
    expect(said(say('warning.listener', { name: 'web', problem }))).toMatch(
      /^web 没有监听：127\.0\.0\.1:80 被其他程序占用/,
    );
    const driver = say('doctor.driver', { driver: 'ena' });
    expect(said(say('pair', { what: driver, why: say('doctor.mtu', { mtu: 9001 }) }))).toMatch(/^驱动 ena：MTU 9001/);
    for (const text of ['something new', 'a new one: it is not known', '']) expect(said(text)).toBe(text);
  });

  it('has the next step for every error', () => {
    for (const { hint } of Object.values(ERRORS)) expect(said(hint)).not.toBe(hint);
  });
});
