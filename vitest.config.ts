import { defineConfig } from 'vitest/config';
import tiers from './test/tiers.json' with { type: 'json' };

/** Milliseconds. A browser on a busy machine takes several times as long as anything else. */
const patienceOf = (name: string, privileged: boolean) => (name === 'web' ? 300_000 : privileged ? 120_000 : 20_000);

// A privileged tier needs root and the kernel: files one at a time unless it says otherwise, with time for namespaces and loads.
export default defineConfig({
  test: {
    projects: tiers.map(({ name, privileged, workers = 1 }, order) => ({
      test: {
        name,
        include: name === 'unit' ? ['src/**/*.test.ts', 'web/src/**/*.test.ts'] : [`test/${name}/**/*.test.ts`],
        environment: 'node',
        pool: 'forks',
        testTimeout: patienceOf(name, privileged),
        hookTimeout: patienceOf(name, privileged),
        sequence: { groupOrder: order },
        ...(privileged ? { maxWorkers: workers } : {}),
      },
    })),
  },
});
