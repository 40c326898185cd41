import { defineConfig } from 'vitest/config';
import tiers from './test/tiers.json' with { type: 'json' };

// A privileged tier needs root and the kernel: one file at a time, with time for namespaces and loads.
export default defineConfig({
  test: {
    projects: tiers.map(({ name, privileged }, order) => ({
      test: {
        name,
        include: name === 'unit' ? ['src/**/*.test.ts', 'web/src/**/*.test.ts'] : [`test/${name}/**/*.test.ts`],
        environment: 'node',
        pool: 'forks',
        testTimeout: privileged ? 120_000 : 20_000,
        hookTimeout: privileged ? 120_000 : 20_000,
        sequence: { groupOrder: order },
        ...(privileged ? { maxWorkers: 1 } : {}),
      },
    })),
  },
});
