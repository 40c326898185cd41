import { describe, expect, it } from 'vitest';
import { MESSAGE_TEXTS, type MessageId } from './message-texts.ts';
import { filled, recognise, say } from './messages.ts';

describe('messages', () => {
  it.each(Object.keys(MESSAGE_TEXTS) as MessageId[])('%s is recognised with its values', (id) => {
    const names = [...new Set([...MESSAGE_TEXTS[id].matchAll(/\{(\w+)\}/g)].map(([, name]) => name!))];
    const values = Object.fromEntries(names.map((name, i) => [name, `v${i}`]));
    const found = recognise(filled(MESSAGE_TEXTS[id], values))!;
    // Some differ in nothing but what their values can be.
    expect(filled(MESSAGE_TEXTS[found.id], found.values)).toBe(filled(MESSAGE_TEXTS[id], values));
    expect(found).toEqual({ id, values });
  });

  it('hold any value', () => {
    const values = { name: 'eth0', note: 'a: b (c) $1 \\ {name}\nsecond line' };
    expect(recognise(say('warning.genericWhy', values))).toEqual({ id: 'warning.genericWhy', values });
    expect(recognise('something else')).toBeNull();
  });
});
