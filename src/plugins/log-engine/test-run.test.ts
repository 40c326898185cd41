import { describe, expect, it } from 'vitest';
import { logEngineSchema, logRuleSchema } from '../../model/config-log.ts';
import { ProtectedAddresses } from '../protected.ts';
import { timeOfLine } from './line-time.ts';
import { rulesNamed, testRules } from './test-run.ts';

const NOW = new Date(2026, 10, 25, 12, 0, 0).getTime();
const protect = new ProtectedAddresses({ own: () => ['203.0.113.1'], gateways: () => [], nameServers: () => [] });
const rule = (parts: object = {}) =>
  logRuleSchema.parse({
    id: 'r',
    path: '/log',
    contains: ['bad'],
    threshold: 2,
    interval: '1m',
    action: 'deny:1d',
    ...parts,
  });

async function* data(...lines: string[]) {
  yield Buffer.from(lines.join('\n'));
}

describe('a test of log rules', () => {
  it('says for every match what would happen', async () => {
    const lines = ['bad 192.0.2.1', 'good', 'bad', 'bad 192.0.2.1', 'bad 203.0.113.1', 'bad 203.0.113.1'];
    const report = await testRules([rule()], data(...lines), NOW, protect);
    expect(report).toMatchObject({ rules: ['r'], lines: 6, matches: 5, timed: false });
    expect(
      report.findings.map(({ line, offender, count, action, spared }) => [line, offender, count, action, spared]),
    ).toEqual([
      [1, '192.0.2.1', 1, null, null],
      [3, null, 0, null, null],
      [4, '192.0.2.1', 2, 'deny:1d', null],
      [5, '203.0.113.1', 1, null, null],
      [6, '203.0.113.1', 2, 'deny:1d', "one of this host's own addresses"],
    ]);
  });

  it('goes by the times in the lines', async () => {
    const at = (time: string) => `2026-11-25T${time} bad 192.0.2.1`;
    const { findings, timed } = await testRules(
      [rule()],
      data(at('10:00:00'), at('10:02:00'), at('10:02:30')),
      NOW,
      protect,
    );
    expect([timed, findings.map(({ count }) => count)]).toEqual([true, [1, 1, 2]]);
  });

  it('finds rules by id, by name, with what the configuration changes', () => {
    const config = logEngineSchema.parse({ ready: [{ name: 'sshd', threshold: 3 }], rules: [rule()] });
    expect(rulesNamed('r', config)).toHaveLength(1);
    expect(rulesNamed('sshd', config).map(({ threshold }) => threshold)).toEqual([3, 3]);
    expect(rulesNamed('nginx-scan', config)).toHaveLength(1);
    expect(rulesNamed('postfix', config)).toHaveLength(3);
    expect(() => rulesNamed('nothing', config)).toThrow(/no log rule nothing/);
  });
});

describe('the time of a line', () => {
  const utc = (text: string) => Date.parse(text);
  const local = (...parts: [number, number, number, number, number, number]) => new Date(...parts).getTime();
  const cases: readonly [line: string, time: number | undefined][] = [
    ['2026-11-25T02:21:34.500+00:00 host sshd', utc('2026-11-25T02:21:34.500Z')],
    ['{"time":"2026-11-25T02:21:34Z"}', utc('2026-11-25T02:21:34Z')],
    ['2026-11-25 02:21:34,250 INFO', local(2026, 10, 25, 2, 21, 34) + 250],
    ['Nov 25 02:21:34 host sshd', local(2026, 10, 25, 2, 21, 34)],
    ['Dec  5 02:21:34 host sshd', local(2025, 11, 5, 2, 21, 34)],
    ['203.0.113.7 - - [25/Nov/2026:02:21:34 +0100] "GET', utc('2026-11-25T01:21:34Z')],
    ['2026/11/25 02:21:34 [error]', local(2026, 10, 25, 2, 21, 34)],
    ['sshd[7]: no time at all', undefined],
    ['Foo 99 99:99:99', undefined],
  ];
  for (const [line, time] of cases) {
    it(line, () => {
      expect(timeOfLine(line, NOW)).toBe(time);
    });
  }
});
