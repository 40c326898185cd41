import { describe, expect, it } from 'vitest';
import { type JudgedPolicy, type JudgedRule, judge } from './judge.ts';
import { parsePorts } from './ports.ts';
import { covers, type Prefix, parsePrefix } from './prefixes.ts';

const prefix = (text: string): Prefix => parsePrefix(text).prefix;

interface Lists {
  readonly allow?: readonly string[];
  readonly dynamic?: readonly string[];
  readonly deny?: readonly string[];
}

function policy(lists: Lists = {}, more: Partial<JudgedPolicy> = {}): JudgedPolicy {
  const among =
    (texts: readonly string[] = []) =>
    (source: Prefix) =>
      texts.map(prefix).find((one) => covers(one, source)) ?? null;
  return {
    defaultDeny: false,
    bogonFilter: false,
    openPorts: [],
    failsafePorts: [],
    allowedProtocols: [],
    rules: [],
    allowed: among(lists.allow),
    dynamic: among(lists.dynamic),
    denied: among(lists.deny),
    ...more,
  };
}

const rule = (from: string, ports: string, action: 'allow' | 'deny'): JudgedRule => ({
  ...parsePorts(ports),
  prefix: prefix(from),
  action,
});

const reasonOf = (asked: JudgedPolicy, source: string, service = '22/tcp') => {
  const { from, protocol } = parsePorts(service);
  if (protocol === 'any') throw new Error('name a protocol');
  return judge(asked, { source: prefix(source), service: { protocol, port: from } }).reason;
};

describe('judge', () => {
  it.each([
    ['1.2.3.4', { allow: ['1.2.3.0/24'], dynamic: ['1.2.3.4'], deny: ['0.0.0.0/0'] }, 'PASS_WHITELIST'],
    ['1.2.3.4', { dynamic: ['1.2.3.4'], deny: ['1.2.3.4'] }, 'DROP_DYNAMIC'],
    ['2a00::1', { dynamic: ['2a00::/64'] }, 'DROP_DYNAMIC'],
    ['1.2.3.4', { deny: ['1.2.3.4'] }, 'DROP_DENIED_HOST'],
    ['1.2.3.4', { deny: ['1.0.0.0/8'] }, 'DROP_DENIED_NETWORK'],
    ['1.2.3.4', {}, 'PASS_DEFAULT'],
  ] as const)('asks the lists in the order of the packet: %s, %j', (source, lists, reason) => {
    expect(reasonOf(policy(lists), source)).toBe(reason);
  });

  it('drops bogons unless they are whitelisted', () => {
    const strict = policy({ allow: ['10.0.0.9'] }, { bogonFilter: true });
    expect(reasonOf(strict, '10.0.0.8')).toBe('DROP_BOGON');
    expect(reasonOf(strict, 'fc00::1')).toBe('DROP_BOGON');
    expect(reasonOf(strict, '10.0.0.9')).toBe('PASS_WHITELIST');
    expect(reasonOf(strict, '1.2.3.4')).toBe('PASS_DEFAULT');
  });

  it('lets through default deny what is open, and no more', () => {
    const closed = policy({}, { defaultDeny: true, failsafePorts: [22], openPorts: ['80', '53/udp'].map(parsePorts) });
    expect(reasonOf(closed, '1.2.3.4', '22/tcp')).toBe('PASS_FAILSAFE');
    expect(reasonOf(closed, '1.2.3.4', '22/udp')).toBe('DROP_DEFAULT');
    expect(reasonOf(closed, '1.2.3.4', '80/tcp')).toBe('PASS_PORT');
    expect(reasonOf(closed, '1.2.3.4', '53/tcp')).toBe('DROP_DEFAULT');
    expect(reasonOf({ ...closed, allowedProtocols: [6] }, '1.2.3.4', '53/tcp')).toBe('PASS_PROTOCOL');
  });

  it.each([
    ['the longest source prefix', [rule('1.0.0.0/8', '22', 'deny'), rule('1.2.0.0/16', '22', 'allow')], 'PASS_RULE'],
    ['the specific protocol', [rule('1.0.0.0/8', '22', 'allow'), rule('1.0.0.0/8', '22/tcp', 'deny')], 'DROP_RULE'],
    ['the narrower range', [rule('1.0.0.0/8', '20-30', 'deny'), rule('1.0.0.0/8', '22-23', 'allow')], 'PASS_RULE'],
    ['deny', [rule('1.0.0.0/8', '21-22', 'deny'), rule('1.0.0.0/8', '22-23', 'allow')], 'DROP_RULE'],
    ['no rule of another family', [rule('::/0', '22', 'deny')], 'PASS_DEFAULT'],
  ] as const)('takes %s among rules that meet', (_, rules, reason) => {
    expect(reasonOf(policy({}, { rules }), '1.2.3.4')).toBe(reason);
    expect(reasonOf(policy({}, { rules: [...rules].reverse() }), '1.2.3.4')).toBe(reason);
  });

  it('asks for a network what holds for all of it', () => {
    expect(reasonOf(policy({ deny: ['1.2.3.4'] }), '0.0.0.0/0')).toBe('PASS_DEFAULT');
    expect(reasonOf(policy({ deny: ['0.0.0.0/0'] }), '0.0.0.0/0')).toBe('DROP_DENIED_NETWORK');
  });
});
