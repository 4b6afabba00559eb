import { describe, expect, it } from 'vitest';
import { composeStatus, nextStatus } from '../../../src/commit-status/index.ts';
import type { StandingStatus } from '../../../src/model/index.ts';
import fc from '../../support/property.ts';
import { counts, sha, summary, tenant } from './summaries.ts';

const make = (parts: Partial<StandingStatus>): StandingStatus => ({
  sha,
  context: 'muster/fleet',
  state: 'pending',
  description: 'x',
  attempt: 0,
  ...parts,
});

const anyStatus = fc
  .record({
    state: fc.constantFrom('pending', 'success', 'failure', 'error'),
    wrong: fc.boolean(),
    description: fc.string(),
  })
  .map(({ state, wrong, description }) =>
    make({ state, description, ...(wrong && state === 'failure' ? { cause: 'wrong-config' as const } : {}) }),
  );

describe('nextStatus', () => {
  it.each([
    ['success', 'failure', false, 'success'],
    ['success', 'failure', true, 'failure'],
    ['success', 'pending', false, 'success'],
    ['failure', 'success', false, 'failure'],
    ['failure', 'failure', true, 'failure'],
    ['error', 'success', false, 'success'],
    ['error', 'pending', false, 'pending'],
    ['pending', 'error', false, 'error'],
  ] as const)('%s, then %s (wrong config %s): %s stands', (before, after, wrong, stands) => {
    const computed = make({ state: after, ...(wrong ? { cause: 'wrong-config' } : {}) });
    expect(nextStatus(make({ state: before }), computed).state).toBe(stands);
  });

  it('keeps the text of a verdict', () => {
    const first = make({ state: 'success', description: '40/42 applied and healthy, 2 not connected' });
    expect(nextStatus(first, make({ state: 'success', description: '42/42 applied and healthy' }))).toBe(
      first,
    );
  });

  it('lets anything follow a new attempt of an operator', () => {
    expect(nextStatus(make({ state: 'failure' }), make({ state: 'pending', attempt: 1 })).state).toBe(
      'pending',
    );
    expect(
      nextStatus(make({ state: 'failure', attempt: 1 }), make({ state: 'pending', attempt: 1 })).state,
    ).toBe('failure');
  });

  it('changes at most once after a verdict, whatever is computed', () => {
    fc.assert(
      fc.property(fc.array(anyStatus, { maxLength: 30 }), (computed) => {
        let standing: StandingStatus | undefined;
        let changes = 0;
        for (const status of computed) {
          const next = nextStatus(standing, status);
          const wasVerdict = standing?.state === 'success' || standing?.state === 'failure';
          if (wasVerdict && next !== standing) changes += 1;
          standing = next;
        }
        expect(changes).toBeLessThanOrEqual(1);
      }),
    );
  });
});

describe('composeStatus over what stands', () => {
  const done = counts({ matched: 2, connected: 2, applied: 2, healthy: 2 });
  const standingAfter = (
    input: Parameters<typeof composeStatus>[0],
    before = new Map<string, StandingStatus>(),
  ) => new Map(composeStatus(input, before).map((status) => [status.context, status]));

  it('does not let ill health after a success reach the sum of the commit', () => {
    const first = standingAfter(
      summary([tenant({ agents: done }), tenant({ tenant: 'globex', agents: done })]),
    );
    const ill = counts({ matched: 2, connected: 2, applied: 1, healthy: 1, failed: 1 });
    const later = standingAfter(
      summary([tenant({ agents: ill }), tenant({ tenant: 'globex', agents: done })]),
      first,
    );
    expect([...later.values()].map(({ state }) => state)).toEqual([
      'success',
      'success',
      'success',
      'success',
    ]);
    expect(later).toEqual(first);
  });

  it('does not fail a rolling commit for a tenant that fell ill after its success', () => {
    const rolling = tenant({
      tenant: 'globex',
      agents: counts({ matched: 2, connected: 2, applied: 1 }),
      settled: false,
    });
    const first = standingAfter(summary([tenant({ agents: done }), rolling]));
    const ill = counts({ matched: 2, connected: 2, applied: 1, healthy: 1, failed: 1 });
    const later = standingAfter(summary([tenant({ agents: ill }), rolling]), first);
    expect(later.get('muster/fleet')?.state).toBe('pending');
    expect(later.get('muster/acme')?.state).toBe('success');
  });

  it('turns a success into a failure for a wrong config, the sum included', () => {
    const first = standingAfter(summary([tenant({ agents: done })]));
    const wrong = counts({ matched: 2, connected: 2, applied: 2, healthy: 1, failed: 1, wrongConfig: 1 });
    const later = standingAfter(summary([tenant({ agents: wrong })]), first);
    expect(later.get('muster/acme')?.state).toBe('failure');
    expect(later.get('muster/fleet')?.state).toBe('failure');
    expect(later.get('muster/validate')?.state).toBe('success');
  });

  it('reopens tenant and sum when an operator retries', () => {
    const failed = counts({ matched: 2, connected: 2, applied: 1, failed: 1 });
    const first = standingAfter(summary([tenant({ agents: failed })]));
    const again = tenant({
      agents: counts({ matched: 2, connected: 2, applied: 1, pending: 1 }),
      settled: false,
      attempt: 1,
    });
    const later = standingAfter(summary([again]), first);
    expect(later.get('muster/acme')?.state).toBe('pending');
    expect(later.get('muster/fleet')?.state).toBe('pending');
  });
});
