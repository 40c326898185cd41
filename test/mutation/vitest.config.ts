import { defineConfig } from 'vitest/config';

// `npm run mutation`: no tier, because it takes minutes; root.
export default defineConfig({
  test: {
    include: ['test/mutation/**/*.test.ts'],
    environment: 'node',
    pool: 'forks',
    maxWorkers: 1,
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
});
