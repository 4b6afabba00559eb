import { describe, expect, it } from 'vitest';
import { composeStatus } from '../../../src/commit-status/index.ts';
import type { PackagesStanding, TenantSummary } from '../../../src/model/index.ts';
import { counts, summary, tenant } from './summaries.ts';

const healthy = { matched: 4, connected: 4, applied: 4, healthy: 4 };

function standing(some: Partial<PackagesStanding>): PackagesStanding {
  const none = { matched: 0, connected: 0, installed: 0, failed: 0, held: 0, unconfirmed: 0 };
  return { ...none, failures: [], ...some };
}

function told(packages: PackagesStanding, some: Partial<TenantSummary> = {}): string {
  const statuses = composeStatus(summary([tenant({ packages, ...some })]));
  const status = statuses.find(({ context }) => context === 'muster/fleet');
  return `${status?.state}: ${status?.description}`;
}

describe('the status of a commit that changes a Package', () => {
  it.each([
    ['nobody is there', { matched: 2 }, 'pending: packages: waiting, 0/2 connected'],
    ['somebody works on it', { matched: 2, connected: 2, installed: 1 }, 'pending: packages: 1/2 installed'],
    [
      'somebody works on it while another has failed',
      { matched: 3, connected: 3, installed: 1, failed: 1 },
      'pending: packages: 1/3 installed',
    ],
    ['everybody has it', { matched: 2, connected: 2, installed: 2 }, 'success: packages: 2/2 installed'],
    [
      'some are away or cannot tell',
      { matched: 4, connected: 3, installed: 2, unconfirmed: 1 },
      'success: packages: 2/4 installed, 1 not connected, 1 cannot confirm',
    ],
    [
      'nobody can tell',
      { matched: 1, connected: 1, unconfirmed: 1 },
      'error: no verdict: 1 agent cannot confirm packages',
    ],
    [
      'there is no file for a platform',
      { matched: 2, connected: 2, installed: 1, held: 1 },
      'failure: packages: 1 agent held, no file to offer them',
    ],
    ['it reaches nobody', {}, 'success: no agents match'],
  ])('%s', (_, some, expected) => {
    expect(told(standing(some))).toBe(expected);
  });

  it('says nothing beside configs of several tenants where it reaches nobody', () => {
    const packages = standing({});
    const tenants = ['acme', 'globex'].map((name) =>
      tenant({ tenant: name, packages, agents: counts(healthy) }),
    );
    const [fleet] = composeStatus(summary(tenants));
    expect(fleet).toMatchObject({ context: 'muster/fleet', description: '8/8 applied and healthy' });
  });

  it('names the hosts that failed, without an agent’s own words', () => {
    const failures = [{ uid: 'u', host: 'web-17', reason: 'token=abc' }];
    const packages = standing({ matched: 2, connected: 2, installed: 1, failed: 1, failures });
    expect(told(packages)).toBe('failure: packages: 1 failed: web-17');
  });

  it('is the worse of the two where configs change as well, and both where they stand alike', () => {
    const agents = counts(healthy);
    const installed = standing({ matched: 1, connected: 1, installed: 1 });
    const failed = standing({ matched: 1, connected: 1, failed: 1 });
    expect(told(installed, { agents })).toBe('success: 4/4 applied and healthy; packages: 1/1 installed');
    expect(told(failed, { agents })).toMatch(/^failure: packages: 1 failed/);
    const broken = { ...healthy, applied: 3, healthy: 3, failed: 1 };
    expect(told(installed, { agents: counts(broken) })).toMatch(/^failure: 1 failed/);
  });

  it.each([
    ['running', 'pending', {}, 'pending: packages: rolling out'],
    ['failed', 'failure', {}, 'failure: packages: rolling out'],
    ['passed', 'success', {}, 'success: packages: rolling out'],
    [
      'passed, but for a held agent',
      'success',
      { held: 1 },
      'failure: packages: 1 agent held, no file to offer them',
    ],
    [
      'waiting for held agents only',
      'pending',
      { installed: 1, held: 1 },
      'failure: packages: 1 agent held, no file to offer them',
    ],
    ['running, with a held agent', 'pending', { held: 1 }, 'pending: packages: rolling out'],
  ] as const)('is that of its rollout where it goes by steps: %s', (_, state, some, expected) => {
    const rollouts = [{ config: 'otelcol', state, text: 'rolling out' }];
    expect(told(standing({ matched: 2, connected: 2, ...some, rollouts }))).toBe(expected);
  });
});
