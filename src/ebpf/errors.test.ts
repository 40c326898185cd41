import { describe, expect, it } from 'vitest';
import { BpfError, check, errnoName, summarize, VerifierError } from './errors.ts';
import { findVerifierLog } from './messages.ts';

describe('a BpfError', () => {
  it.each([
    [1, 'NOT_ROOT', /CAP_BPF/],
    [2, 'NOT_FOUND', /./],
    [7, 'MAP_FULL', /entries/],
    [12, 'NO_MEMORY', /./],
    [16, 'BUSY', /detach/],
    [17, 'EXISTS', /./],
    [19, 'INTERFACE_UNKNOWN', /ip link/],
    [22, 'INVALID_INPUT', /older kernel/],
    [28, 'MAP_FULL', /./],
    [524, 'KERNEL_UNSUPPORTED', /newer kernel/],
    [4001, 'KERNEL_FAILED', /./],
  ])('of errno %i has code %s and a next step', (errno, code, hint) => {
    const error = new BpfError('update', errno, { subject: 'table' });
    expect(error.code).toBe(code);
    expect(error.hint).toMatch(hint);
    expect(error.message).toMatch(/^update table: \S/);
  });

  it('names op, subject and errno in one line', () => {
    expect(() => check('update', -7, { subject: 'table' })).toThrow('update table: argument list too long (E2BIG)');
    expect(check('update', 3)).toBe(3);
    expect(new BpfError('load', 4001).message).toBe('load: the object has a wrong format');
    expect(new BpfError('load', 99_999).message).toBe('load: errno 99999');
    expect([errnoName(2), errnoName(524), errnoName(99_999)]).toEqual(['ENOENT', 'ENOTSUPP', '99999']);
  });
});

describe('a verifier log', () => {
  const log = '0: (61) r1 = *(u32 *)(r1 +0)\ninvalid access to packet\nR1 is bad\nprocessed 2 insns (limit 1000000)\n';

  it('is summed up by its last complaint', () => {
    expect(summarize(log)).toBe('R1 is bad');
    expect(summarize('')).toBe('');
    const error = new VerifierError('f', 13, log);
    expect(error.message).toBe('verify program f: R1 is bad');
    expect(error.details.log).toBe(log);
    expect(new VerifierError('f', 13, '').message).toBe('verify program f: permission denied (EACCES)');
  });

  it('is found among the messages of libbpf', () => {
    const messages = [
      "prog 'f': BPF program load failed: x",
      `prog 'f': -- BEGIN PROG LOAD LOG --\n${log}-- END PROG LOAD LOG --`,
    ];
    expect(findVerifierLog(messages)).toEqual({ program: 'f', log: log.trimEnd() });
    expect(findVerifierLog(messages.slice(0, 1))).toBeUndefined();
  });
});
