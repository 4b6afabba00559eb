import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

// Kills, restarts and faults of disks take minutes: `npm run test:faults` runs them.
const faults = process.env.MUSTER_FAULT_SEEDS === undefined ? ['test/faults/**'] : [];
const pure = ['unit', 'golden', 'property', 'docs', 'architecture', 'e2e/rollouts'].map(
  (folder) => `test/${folder}/**/*.test.ts`,
);

export default defineConfig({
  test: {
    testTimeout: 30_000,
    hookTimeout: 30_000,
    pool: 'forks',
    // Tests on real sockets and processes wait more than they compute.
    maxWorkers: Math.max(3, availableParallelism()),
    projects: [
      // They leave nothing behind in their process, so that many share one: most of their time would be imports.
      { extends: true, test: { name: 'pure', include: pure, isolate: false } },
      {
        extends: true,
        test: {
          name: 'whole',
          include: ['test/**/*.test.ts'],
          exclude: [
            ...['test/interop/**', 'test/packaging/**', 'test/ui/**', 'test/postgres/**', 'node_modules/**'],
            ...faults,
            ...pure,
          ],
        },
      },
    ],
  },
});
