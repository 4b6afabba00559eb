import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/interop/**/*.test.ts'],
    globalSetup: ['test/interop/support/global-setup.ts'],
    testTimeout: 420_000,
    hookTimeout: 180_000,
    teardownTimeout: 30_000,
    pool: 'forks',
    // Supervised collectors start on the same default port, and foreign processes share few cores.
    maxWorkers: 1,
  },
});
