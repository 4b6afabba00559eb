import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { planRenewal } from '../../../src/credentials/index.ts';
import fc from '../../support/property.ts';

const day = 86_400_000;

test('a renewal is never planned in the first or last tenth of a lifetime, and is the same each time', () => {
  const lifetime = fc.integer({ min: 3_600_000, max: 365 * day });
  fc.assert(
    fc.property(lifetime, fc.integer({ min: 0, max: 400 * day }), fc.uuid(), (length, renewBeforeMs, uid) => {
      const plan = { notBefore: 1_000, notAfter: 1_000 + length, renewBeforeMs, uid };
      const at = planRenewal(plan);
      expect(at).toBeGreaterThanOrEqual(plan.notBefore + length * 0.1 - 1);
      expect(at).toBeLessThanOrEqual(plan.notAfter - length * 0.1 + 1);
      expect(planRenewal(plan)).toBe(at);
    }),
  );
});

test('renewals of a fleet that was enrolled at once spread over a tenth of the lifetime, from when they are wanted', () => {
  const plan = { notBefore: 0, notAfter: 30 * day, renewBeforeMs: 10 * day };
  const times = Array.from({ length: 1_000 }, () => planRenewal({ ...plan, uid: randomUUID() }));
  expect(Math.min(...times)).toBeGreaterThanOrEqual(20 * day);
  expect(Math.max(...times)).toBeLessThan(23 * day);
  for (let third = 0; third < 3; third++) {
    const inThird = times.filter((time) => Math.floor(time / day) === 20 + third);
    expect(inThird.length).toBeGreaterThan(200);
  }
});
