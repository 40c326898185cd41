import { release } from 'node:os';

export interface KernelVersion {
  readonly major: number;
  readonly minor: number;
  readonly patch: number;
}

/** Reads `6.1.0-18-amd64` and the like; what is missing counts as 0. */
export function parseKernelVersion(text: string): KernelVersion {
  const [major = 0, minor = 0, patch = 0] = (/^\d+(\.\d+){0,2}/.exec(text)?.[0] ?? '').split('.').map(Number);
  return { major, minor, patch };
}

/** The running kernel's. Distributions backport: ask a feature probe where there is one. */
export const kernelVersion = (): KernelVersion => parseKernelVersion(release());

/** @param wanted such as 5.9 */
export function isAtLeast(version: KernelVersion, wanted: string): boolean {
  const { major, minor, patch } = parseKernelVersion(wanted);
  return version.major !== major
    ? version.major > major
    : version.minor !== minor
      ? version.minor > minor
      : version.patch >= patch;
}
