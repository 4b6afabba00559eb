import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

// Suites with their own configs, or, for kills, restarts and faults of disks, which take minutes, `npm run test:faults`.
const elsewhere = ['interop', 'packaging', 'ui', 'postgres', 'faults'].map((suite) => `test/${suite}/**`);
const faults = { extends: true as const, test: { name: 'faults', include: ['test/faults/**/*.test.ts'] } };

export default defineConfig({
  test: {
    testTimeout: 30_000,
    hookTimeout: 30_000,
    pool: 'forks',
    // Tests on real sockets and processes wait more than they compute.
    maxWorkers: Math.max(3, availableParallelism()),
    projects: [
      {
        extends: true,
        test: {
          name: 'default',
          include: ['test/**/*.test.ts'],
          exclude: ['node_modules/**', ...elsewhere],
          // Files share processes, since most of their time would be imports: what a file changes in its own, it undoes.
          isolate: false,
        },
      },
      ...(process.env.MUSTER_FAULT_SEEDS === undefined ? [] : [faults]),
    ],
  },
});
