import { describe, expect, it } from 'vitest';
import { logRuleSchema } from '../../model/config-log.ts';
import { formatPrefix } from '../../model/prefixes.ts';
import { firstAddress, offender, parseHost } from './address.ts';
import { CompiledRule, type LogLine } from './rule.ts';

const rule = (parts: object) => new CompiledRule(logRuleSchema.parse({ id: 'r', path: '/log', ...parts }));
const attacker = (parts: object, line: LogLine | string) => {
  const match = rule(parts).match(typeof line === 'string' ? { text: line } : line);
  return match === undefined ? 'no match' : match.host === undefined ? 'no address' : formatPrefix(match.host);
};

describe('a log rule', () => {
  it('wants every text of contains, one of any, none of none', () => {
    const parts = { contains: ['a', 'b'], any: ['x', 'y'], none: ['n'] };
    expect(attacker(parts, 'a b x 192.0.2.1')).toBe('192.0.2.1');
    expect(attacker(parts, 'a x 192.0.2.1')).toBe('no match');
    expect(attacker(parts, 'a b 192.0.2.1')).toBe('no match');
    expect(attacker(parts, 'a b y n 192.0.2.1')).toBe('no match');
  });

  it('takes the attacker from the named group and from nowhere else', () => {
    const parts = { regex: 'login of \\S+ from (?<ip>\\S+)', address: 'ip' };
    expect(attacker(parts, '198.51.100.1: login of 198.51.100.2 from 192.0.2.1')).toBe('192.0.2.1');
    expect(attacker(parts, 'login of x from host.example.com via 198.51.100.1')).toBe('no address');
    expect(attacker({ ...parts, regex: 'from (?P<ip>\\S+)' }, 'from [2001:db8::1]:443')).toBe('2001:db8::1');
    const either = { regex: 'a (?P<a>\\S+)|b (?P<b>\\S+)', address: 'a|b' };
    expect(attacker(either, 'b 192.0.2.2')).toBe('192.0.2.2');
  });

  it('finds the group wherever the match begins, behind any characters', () => {
    for (const regex of [
      '^a (?P<ip>\\S+)|b (?P<ip6>\\S+)',
      '(?m)^a (?P<ip>\\S+)',
      '[|](?:a|b) (?P<ip>\\S+)|b (?P<ip6>\\S+)',
    ]) {
      const parts = { regex, address: regex.includes('ip6') ? 'ip|ip6' : 'ip' };
      expect(attacker(parts, regex.startsWith('(?m)') ? 'x\na 192.0.2.1' : '\u{1f525}é b 192.0.2.1 z')).toBe(
        '192.0.2.1',
      );
    }
    const anchored = { regex: '^\\S+ (?:x|y[|)]) (?P<ip>\\S+)', address: 'ip' };
    expect(attacker(anchored, '\u{1f525}é y) 192.0.2.1 z')).toBe('192.0.2.1');
    expect(attacker(anchored, 'z \u{1f525}é y) 192.0.2.1')).toBe('no match');
  });

  it('takes it from a field of JSON, or of the journal', () => {
    const parts = { address: 'remote_addr' };
    expect(attacker(parts, '{"remote_addr":"192.0.2.1","other":"198.51.100.1"}')).toBe('192.0.2.1');
    expect(attacker(parts, 'app: {"remote_addr":"2001:db8::1"}')).toBe('2001:db8::1');
    expect(attacker(parts, { text: 'x', fields: { remote_addr: '192.0.2.7' } })).toBe('192.0.2.7');
    expect(attacker(parts, '{"remote_addr":')).toBe('no address');
  });

  it('asks an expression, which sees the line, the groups and the fields', () => {
    const parts = { regex: 'user (?P<user>\\S+)', expression: 'fields.user != "root" && line.matches("1$")' };
    expect(attacker(parts, 'user bob 192.0.2.1')).toBe('192.0.2.1');
    expect(attacker(parts, 'user root 192.0.2.1')).toBe('no match');
    expect(attacker(parts, 'user bob 192.0.2.2')).toBe('no match');
    expect(attacker({ expression: 'int(fields.status) >= 500' }, '{"status":503,"ip":"192.0.2.1"}')).toBe('192.0.2.1');
    expect(attacker({ expression: 'int(fields.status) >= 500' }, 'no JSON 192.0.2.1')).toBe('no match');
  });

  it('says what is wrong with a regex or an expression', () => {
    expect(() => rule({ regex: 'a(' })).toThrow(/log rule r: the regex/);
    expect(() => rule({ regex: '(a)\\1' })).toThrow(/RE2/);
    expect(() => rule({ expression: 'line.contains(' })).toThrow(/log rule r: the expression/);
  });

  it('takes time linear in the line whatever the pattern is', () => {
    const evil = `${'a'.repeat(16_000)}!`;
    // A backtracking engine needs longer than the universe lasts for either.
    expect(attacker({ regex: '^(a+)+$' }, evil)).toBe('no match');
    expect(attacker({ expression: 'line.matches("^(a|a)*$")' }, evil.slice(-2000))).toBe('no match');
  });

  it('is refused with an action, a path or a threshold that means nothing', () => {
    for (const parts of [{ action: 'deny:soon' }, { action: 'log:1h' }, { path: 'auth.log' }, { threshold: 0 }]) {
      expect(logRuleSchema.safeParse({ id: 'r', path: '/log', ...parts }).success).toBe(false);
    }
    expect(rule({ action: 'dynblack:1h30m' }).action).toEqual({ kind: 'dynblack', ttl: 5400 });
  });
});

describe('addresses in lines', () => {
  const cases: readonly [line: string, first: string | undefined][] = [
    ['203.0.113.7 - - [25/Nov/2026:02:21:34 +0000]', '203.0.113.7'],
    ['Nov 25 02:21:34 from 203.0.113.7.', '203.0.113.7'],
    ['client=203.0.113.7:5123', '203.0.113.7'],
    ['from [2001:db8::7]:443', '2001:db8::7'],
    ['from 2001:db8::7, port 1', '2001:db8::7'],
    ['mapped ::ffff:192.0.2.1', '192.0.2.1'],
    ['version 1.2.3 at 02:21:34 by aa:bb:cc:dd:ee:ff', undefined],
    ['v1.2.3.4 and 1.2.3.4.5 and 300.1.1.1', undefined],
    ['host-203-0-113-7.example.com', undefined],
    ['203.0.113.7.example.com then 198.51.100.1', '198.51.100.1'],
    ['', undefined],
  ];
  for (const [line, first] of cases) {
    it(`${JSON.stringify(line)}: ${first ?? 'none'}`, () => {
      const found = firstAddress(line);
      expect(found && formatPrefix(found)).toBe(first);
    });
  }

  it('are one host, never a name, a network or a number', () => {
    for (const text of ['example.com', '10', '192.0.2.0/24', '1.2.3', '', 'unknown'])
      expect(parseHost(text)).toBeUndefined();
  });

  it('count as a network for IPv6', () => {
    const host = parseHost('2001:db8:1:2:3:4:5:6')!;
    expect(offender(host, 64)).toBe('2001:db8:1:2::/64');
    expect(offender(host, 72)).toBe('2001:db8:1:2::/72');
    expect(offender(host, 128)).toBe('2001:db8:1:2:3:4:5:6');
    expect(offender(parseHost('192.0.2.1')!, 64)).toBe('192.0.2.1');
  });
});
