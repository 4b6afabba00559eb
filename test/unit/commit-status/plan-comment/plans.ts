import { commitSha, type Plan } from '../../../../src/model/index.ts';

export const head = commitSha('8be2f10aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa');
export const base = commitSha('3f2a91cbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb');

/** A plan that changes nothing but for `parts`. */
export function planOf(parts: Partial<Plan> = {}): Plan {
  return {
    sha: head,
    base,
    state: 'ok',
    plannedAt: '2026-11-22T11:40:00Z',
    conflicts: [],
    blast: { agents: 0, ofAgents: 42_310, tenants: 0, byConfig: [] },
    removals: [],
    unassigned: [],
    firstAdoptions: [],
    overlaps: [],
    orphanSelectors: [],
    losingOwner: [],
    credentialsGoing: [],
    cannotRun: [],
    withheld: [],
    findings: [],
    problems: [],
    refused: [],
    held: [],
    diffs: [],
    truncated: false,
    ...parts,
  };
}

/** A plan with something in every list. */
export function fullPlan(parts: Partial<Plan> = {}): Plan {
  const edge = { tenant: 'acme', config: 'edge' };
  return planOf({
    blast: {
      agents: 611,
      ofAgents: 42_310,
      tenants: 2,
      byConfig: [
        { ...edge, agents: 599 },
        { tenant: 'globex', config: 'gateway', agents: 12 },
      ],
    },
    removals: [
      {
        tenant: 'acme',
        config: 'edge-gpu',
        agents: 12,
        guarded: true,
        at: { file: 'tenants/acme/edge-gpu.yaml', line: 1, column: 1 },
      },
    ],
    unassigned: [{ tenant: 'acme', config: 'edge-gpu', agents: 12 }],
    firstAdoptions: [{ ...edge, agents: 3 }],
    overlaps: [
      {
        tenant: 'acme',
        configs: ['edge', 'edge-gpu'],
        agents: 6,
        owner: 'edge',
        example: { 'host.name': 'web-17' },
      },
      { tenant: 'acme', configs: ['a', 'b'], agents: 2, example: {} },
    ],
    orphanSelectors: [
      {
        tenant: 'acme',
        config: 'lab',
        file: 'tenants/acme/lab.yaml',
        line: 2,
        column: 3,
        matchedBefore: true,
      },
    ],
    losingOwner: [{ tenant: 'acme', from: 'edge', to: 'gateway', agents: 4 }],
    credentialsGoing: [{ tenant: 'acme', credential: 'bootstrap', agents: 40 }],
    cannotRun: [{ ...edge, agents: 37, missing: ['processor/filter', 'version >=0.120.0'] }],
    withheld: [{ ...edge, agents: 5, reason: 'paused' }],
    findings: [{ ...edge, code: 'OC061', severity: 'warning', message: 'traces loses its last exporter' }],
    problems: [
      {
        code: 'OC011',
        severity: 'error',
        file: 'tenants/acme/edge/collector.yaml',
        line: 7,
        column: 30,
        message: 'exporter "otlp_htp" is not defined',
      },
    ],
    refused: [{ tenant: 'initech', errors: 2 }],
    held: [{ tenant: 'acme', reason: 'removes 12 of 40 agents' }],
    diffs: [
      {
        ...edge,
        agents: 599,
        before: 'a',
        after: 'b',
        sample: 'u',
        diff: '@@ -1 +1 @@\n-queue_size: 10\n+queue_size: 20',
      },
    ],
    ...parts,
  });
}
