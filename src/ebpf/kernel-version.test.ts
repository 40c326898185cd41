import { describe, expect, it } from 'vitest';
import { isAtLeast, parseKernelVersion } from './kernel-version.ts';

describe('a kernel version', () => {
  it.each([
    ['6.1.0-18-amd64', [6, 1, 0]],
    ['5.15.167.4-microsoft-standard-WSL2', [5, 15, 167]],
    ['6.18-rc1', [6, 18, 0]],
    ['7', [7, 0, 0]],
    ['unknown', [0, 0, 0]],
  ])('is read from %s', (text, [major, minor, patch]) => {
    expect(parseKernelVersion(text)).toEqual({ major, minor, patch });
  });

  it.each([
    ['6.1.0', '5.9', true],
    ['5.9.0', '5.9', true],
    ['5.10.3', '5.9', true],
    ['5.8.18', '5.9', false],
    ['4.19.0', '5.9', false],
    ['5.9.0', '5.9.1', false],
    ['5.9.2', '5.9.1', true],
  ])('%s is at least %s: %s', (version, wanted, expected) => {
    expect(isAtLeast(parseKernelVersion(version), wanted)).toBe(expected);
  });
});
