import { afterEach, beforeEach, expect } from 'vitest';
import { countBpfDescriptors } from '../../src/ebpf/index.ts';

/** Fails a test of this file that ends with more, or fewer, BPF descriptors open than it began with. */
export function failOnLeaks(): void {
  let before: Record<string, number> = {};
  beforeEach(() => {
    before = countBpfDescriptors();
  });
  afterEach(() => {
    expect(countBpfDescriptors(), 'open BPF descriptors after the test').toEqual(before);
  });
}
