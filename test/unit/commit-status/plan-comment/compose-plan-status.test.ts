import { describe, expect, it } from 'vitest';
import { composePlanStatuses, type PlanOutcome } from '../../../../src/commit-status/index.ts';
import type { Plan } from '../../../../src/model/index.ts';
import { fullPlan, head, planOf } from './plans.ts';

const place = {
  sha: head,
  pullRequest: { number: 7, branch: 'x', fork: false },
  publicUrl: 'https://muster.example/',
};
const told = (outcome: PlanOutcome) =>
  composePlanStatuses(outcome, place).map(({ context, state, description }) => [context, state, description]);
const planned = (plan: Plan) => told({ kind: 'planned', plan });

describe('composePlanStatuses', () => {
  it('posts both contexts on the head, with the page of the plan', () => {
    expect(composePlanStatuses({ kind: 'planning' }, place)).toEqual([
      {
        sha: head,
        context: 'muster/validate',
        state: 'pending',
        description: 'planning',
        targetUrl: `https://muster.example/plans/${head}`,
        pullRequest: place.pullRequest,
        attempt: 0,
      },
      expect.objectContaining({ context: 'muster/plan', state: 'pending' }),
    ]);
  });

  it('names the instance, and no pull request in a merge queue', () => {
    const [status] = composePlanStatuses({ kind: 'planning' }, { sha: head, instance: 'eu-1' });
    expect(status).toEqual({
      sha: head,
      context: 'muster/eu-1/validate',
      state: 'pending',
      description: 'planning',
      attempt: 0,
    });
  });

  it('succeeds with the reach of the change', () => {
    const { blast, unassigned } = fullPlan();
    expect(planned(planOf({ blast, unassigned }))).toEqual([
      ['muster/validate', 'success', 'no new problems'],
      ['muster/plan', 'success', '611/42310 agents change in 2 tenants, 12 unassigned'],
    ]);
    expect(planned(planOf())[1]).toEqual(['muster/plan', 'success', 'no agent changes']);
  });

  it('fails for new errors, at the first one', () => {
    expect(planned(fullPlan({ state: 'error', held: [] }))).toEqual([
      ['muster/validate', 'failure', '1 new problem: tenants/acme/edge/collector.yaml:7:30'],
      [
        'muster/plan',
        'failure',
        'problems: see muster/validate; 611/42310 agents change in 2 tenants, 12 unassigned, 37 cannot run it',
      ],
    ]);
  });

  it('fails for what the Fleet makes an error of, by code and AgentConfig', () => {
    const finding = { tenant: 'acme', config: 'edge', code: 'OC061', message: 'loses its last exporter' };
    const statuses = planned(planOf({ state: 'error', findings: [{ ...finding, severity: 'error' }] }));
    expect(statuses).toEqual([
      ['muster/validate', 'success', 'no new problems'],
      ['muster/plan', 'failure', 'OC061 in acme/edge; no agent changes'],
    ]);
  });

  it('fails for conflicts and guards, not for warnings', () => {
    const overlaps = [{ tenant: 'acme', configs: ['a', 'b'], agents: 2, example: {} }];
    expect(planned(planOf({ state: 'conflict', overlaps }))[1]).toEqual([
      'muster/plan',
      'failure',
      '2 agents in conflict; no agent changes',
    ]);
    expect(planned(planOf({ held: [{ tenant: 'acme', reason: 'removes 12 of 40 agents' }] }))[1]).toEqual([
      'muster/plan',
      'failure',
      'a guard would hold it: acme removes 12 of 40 agents',
    ]);
    const [problem] = fullPlan().problems;
    if (!problem) throw new Error('no problem');
    expect(planned(planOf({ problems: [{ ...problem, severity: 'warning' }] }))[0]).toEqual([
      'muster/validate',
      'success',
      'no new errors, 1 warning',
    ]);
  });

  it('has no verdict for a fault of ours', () => {
    expect(told({ kind: 'fault', code: 'GIT_TIMEOUT' })).toEqual([
      ['muster/validate', 'error', 'no verdict: internal error GIT_TIMEOUT'],
      ['muster/plan', 'error', 'no verdict: internal error GIT_TIMEOUT'],
    ]);
  });
});
