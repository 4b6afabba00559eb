import type { RolloutPolicy, RolloutStep } from '../../../src/model/index.ts';
import fc from '../../support/property.ts';
import { minute, type SimSpec } from './sim-fleet.ts';

const soaks = fc.constantFrom(0, 30_000, minute, 3 * minute);

const scope: fc.Arbitrary<RolloutStep['scope']> = fc.oneof(
  fc.record({ kind: fc.constant('count' as const), count: fc.integer({ min: 1, max: 3 }) }),
  fc.record({ kind: fc.constant('percent' as const), percent: fc.constantFrom(5, 10, 50) }),
  fc.constant({
    kind: 'selector' as const,
    selector: { requirements: [{ key: 'ring', operator: 'In' as const, values: ['canary'] }] },
  }),
);

/** Small policies of every shape. */
export const anyPolicy: fc.Arbitrary<RolloutPolicy> = fc
  .record({
    steps: fc.array(
      fc.record({ scope, soakMs: soaks, approval: fc.constantFrom(false, false, false, true) }),
      {
        minLength: 1,
        maxLength: 3,
      },
    ),
    soakAllMs: soaks,
    action: fc.constantFrom('rollback' as const, 'rollback' as const, 'pause' as const),
    maxFailed: fc.option(fc.integer({ min: 0, max: 3 }), { nil: undefined }),
    deadlineMs: fc.option(fc.constantFrom(30 * minute, 240 * minute), { nil: undefined }),
    maxInFlight: fc.integer({ min: 1, max: 4 }),
  })
  .map(({ steps, soakAllMs, action, maxFailed, deadlineMs, maxInFlight }) => ({
    name: 'careful',
    steps: steps.map((step, index) => ({ ...step, name: `s${index}` })),
    soakAllMs,
    failure: {
      healthTimeoutMs: 5 * minute,
      action,
      failOnDrift: false,
      ...(maxFailed !== undefined && { maxFailed }),
    },
    ...(deadlineMs !== undefined && { deadlineMs }),
    maxInFlight,
    windows: [],
    freezes: [],
    immediate: false,
  }));

export const anySpec: fc.Arbitrary<SimSpec> = fc.record({
  behaviour: fc.constantFrom('good', 'good', 'good', 'refuse', 'sick', 'die', 'slow', 'flapping'),
  transport: fc.constantFrom('ws', 'ws', 'http'),
  capabilities: fc.constantFrom('full', 'full', 'full', 'no-health', 'none'),
  ring: fc.constantFrom('canary', 'prod'),
});
