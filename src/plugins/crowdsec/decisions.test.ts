import { describe, expect, it } from 'vitest';
import { Decisions, parseGoDuration } from './decisions.ts';

const NOW = 1_800_000_000_000;
const one = (id: number, value: string, more: object = {}) => ({
  id,
  value,
  origin: 'crowdsec',
  scope: value.includes('/') ? 'Range' : 'Ip',
  type: 'ban',
  duration: '1h0m0s',
  scenario: `scenario ${id}`,
  ...more,
});

describe('decisions', () => {
  it('keep an address until the last of them is gone, for each origin', () => {
    const decisions = new Decisions();
    const both = [
      one(1, '192.0.2.1'),
      one(2, '192.0.2.1', { duration: '2h' }),
      one(3, '192.0.2.1', { origin: 'CAPI' }),
    ];
    const first = decisions.apply({ new: both, deleted: null }, NOW);
    expect(
      first.map(({ origin, add, remove }) => [origin, add.map(({ reason, ttl }) => `${reason} ${ttl}`), remove]),
    ).toEqual([
      ['crowdsec', ['scenario 2 7200'], []],
      ['CAPI', ['scenario 3 3600'], []],
    ]);
    expect(decisions.apply({ new: null, deleted: [one(2, '192.0.2.1')] }, NOW)).toMatchObject([
      { origin: 'crowdsec', add: [{ reason: 'scenario 1' }], remove: [] },
    ]);
    expect(decisions.apply({ new: [], deleted: [one(1, '192.0.2.1')] }, NOW)).toEqual([
      { origin: 'crowdsec', add: [], remove: ['192.0.2.1'] },
    ]);
    expect([...decisions.all(NOW).keys()]).toEqual(['CAPI']);
  });

  it('take deletions first, so that a decision that was renewed stays', () => {
    const decisions = new Decisions();
    decisions.apply({ new: [one(1, '192.0.2.1')], deleted: null }, NOW);
    const stream = { new: [one(2, '192.0.2.1')], deleted: [one(1, '192.0.2.1')] };
    expect(decisions.apply(stream, NOW)).toMatchObject([{ add: [{ reason: 'scenario 2' }], remove: [] }]);
  });

  it('leave out what is no ban of an address, and what has ended', () => {
    const decisions = new Decisions();
    const odd = [
      one(1, '192.0.2.1', { type: 'captcha' }),
      one(2, 'AS64496', { scope: 'AS' }),
      one(3, '192.0.2.3', { duration: '-5m0s' }),
      one(4, 'nonsense'),
      one(5, '198.51.100.7/24'),
    ];
    const [change] = decisions.apply({ new: odd, deleted: [one(99, '192.0.2.99')] }, NOW);
    expect(change!.add.map(({ prefix }) => prefix)).toEqual(['198.51.100.0/24']);
    expect(decisions.ignored).toBe(4);
    expect(decisions.all(NOW + 3_700_000).size).toBe(0);
  });

  it('have durations as Go writes them', () => {
    const cases = ['3h59m53.5s', '59m0.25s', '-1h0m0s', '15ms', '0s', '1.5h', '', '5', 'x1s', '1s!'];
    expect(cases.map(parseGoDuration)).toEqual([
      14_393_500,
      3_540_250,
      -3_600_000,
      15,
      0,
      5_400_000,
      NaN,
      NaN,
      NaN,
      NaN,
    ]);
  });
});
