import { describe, expect, it } from 'vitest';
import { composeStatus } from '../../../src/commit-status/index.ts';
import type { StandingStatus, StatusSummary, TenantSummary } from '../../../src/model/index.ts';
import { counts, kept, sha, summary, tenant } from './summaries.ts';

const at = (file: string) => ({ file, line: 7, column: 30 });
const healthy = { matched: 42, connected: 42, applied: 42, healthy: 42 };

function statusOf(context: string, input: StatusSummary): StandingStatus | undefined {
  return composeStatus(input).find((status) => status.context === context);
}

const tenantTable: readonly (readonly [string, Partial<TenantSummary>, string, string])[] = [
  [
    'progress',
    { agents: counts({ matched: 40, connected: 40, applied: 12, healthy: 12, pending: 28 }), settled: false },
    'pending',
    'rolling out: 12/40 applied',
  ],
  [
    'progress with failures and absentees',
    {
      agents: counts({ matched: 40, connected: 38, notConnected: 2, applied: 12, failed: 1, pending: 25 }),
      failures: [{ uid: 'u', host: 'web-17', reason: 'exit code 1' }],
      settled: false,
    },
    'pending',
    'rolling out: 12/40 applied, 2 not connected, 1 failed: web-17 exit code 1',
  ],
  [
    'nobody connected',
    { agents: counts({ matched: 40, notConnected: 40 }) },
    'pending',
    'waiting: 0/40 connected',
  ],
  [
    'absentees at the end',
    { agents: counts({ matched: 42, connected: 40, notConnected: 2, applied: 40, healthy: 40 }) },
    'success',
    '40/42 applied and healthy, 2 not connected',
  ],
  [
    'agents that cannot confirm',
    { agents: counts({ matched: 40, connected: 40, applied: 38, healthy: 38, unacknowledged: 2 }) },
    'success',
    '38/40 applied, 2 cannot confirm',
  ],
  [
    'agents that were unhealthy before',
    { agents: counts({ matched: 40, connected: 40, applied: 40, healthy: 39, drifted: 1 }) },
    'success',
    '40/40 applied, 1 drifted',
  ],
  ['nobody matches', {}, 'success', 'no agents match'],
  [
    'nobody matches just after a start',
    { starting: true },
    'pending',
    'no agents match yet, waiting after the start',
  ],
  [
    'agents that are not back after a start',
    { agents: counts({ matched: 3, connected: 2, notConnected: 1, applied: 2, healthy: 2 }), starting: true },
    'pending',
    '2/3 applied, waiting for 1 after a restart',
  ],
  [
    'all back just after a start',
    { agents: counts({ matched: 2, connected: 2, applied: 2, healthy: 2 }), starting: true },
    'success',
    '2/2 applied and healthy',
  ],
  [
    'failures',
    {
      agents: counts({ matched: 3, connected: 3, applied: 1, failed: 2 }),
      failures: [
        {
          uid: 'a',
          host: 'web-17',
          reason: 'collector exited with exit code 1: exporters::otlp: token hunter2',
        },
        { uid: 'b', host: 'web-18', reason: 'unhealthy' },
      ],
    },
    'failure',
    '2 failed: web-17 exit code 1, web-18 unhealthy',
  ],
  [
    'a wrong config',
    {
      agents: counts({ matched: 3, connected: 3, applied: 3, healthy: 3, wrongConfig: 1 }),
      failures: [{ uid: 'a', host: 'web-17', reason: 'wrong config' }],
    },
    'failure',
    '1 on a wrong config: web-17 wrong config',
  ],
  [
    'one problem',
    { problems: { count: 1, first: at('base/common.yaml') }, keeps: kept },
    'failure',
    '1 problem, keeps b81e6f0: base/common.yaml:7:30',
  ],
  [
    "problems in the tenant's folder",
    { problems: { count: 3, first: at('tenants/acme/edge.yaml') }, keeps: kept },
    'failure',
    '3 problems, keeps b81e6f0: edge.yaml:7:30',
  ],
  [
    'problems of a new tenant',
    { problems: { count: 3, first: at('tenants/acme/edge.yaml') } },
    'failure',
    '3 problems, nothing in force: edge.yaml:7:30',
  ],
  [
    'a guard',
    { guard: 'removes 12 of 40 agents' },
    'pending',
    'held: removes 12 of 40 agents; muster approve 1a2b3c4',
  ],
  [
    'a conflict',
    {
      agents: counts({ matched: 3, connected: 3, conflict: 2 }),
      conflicts: ['tenants/acme/edge.yaml', 'tenants/acme/gateway.yaml'],
    },
    'failure',
    '2 agents in conflict: tenants/acme/edge.yaml and tenants/acme/gateway.yaml',
  ],
  [
    'agents held by their build',
    { agents: counts({ matched: 3, connected: 3, held: 2 }), heldReason: 'requires version >=0.150' },
    'failure',
    '2 held: needs another version',
  ],
  [
    'a paused config',
    { agents: counts({ matched: 3, connected: 3, applied: 1, held: 2 }), paused: 2 },
    'pending',
    'paused: 1/3 applied, 2 held',
  ],
  [
    'nobody who can ever confirm',
    { agents: counts({ matched: 2, connected: 2, unacknowledged: 2 }) },
    'error',
    'no verdict: 2 agents cannot confirm',
  ],
  [
    'nobody who takes a config',
    { agents: counts({ matched: 1, connected: 1, unsupported: 1 }) },
    'error',
    'no verdict: 1 agent without remote config',
  ],
  ['a fault of ours', { fault: 'RENDER_FAILED' }, 'error', 'no verdict: internal error RENDER_FAILED'],
  [
    'a successor under way',
    { supersededBy: { sha: kept, state: 'pending' } },
    'pending',
    'superseded by b81e6f0',
  ],
  [
    'a successor that failed',
    { supersededBy: { sha: kept, state: 'failure' } },
    'failure',
    'superseded by b81e6f0, which failed',
  ],
];

describe('the context of a tenant', () => {
  it.each(tenantTable)('tells %s', (_name, some, state, description) => {
    expect(statusOf('muster/acme', summary([tenant(some)]))).toMatchObject({ state, description, sha });
  });

  it('tells the same to muster/fleet where it is the only one', () => {
    for (const [, some, state, description] of tenantTable)
      expect(statusOf('muster/fleet', summary([tenant(some)]))).toMatchObject({ state, description });
  });

  it('marks only a wrong config as such', () => {
    const marked = tenantTable.filter(([, some]) => statusOf('muster/acme', summary([tenant(some)]))?.cause);
    expect(marked.map(([name]) => name)).toEqual(['a wrong config']);
  });
});

describe('muster/fleet', () => {
  const good = (name: string) => tenant({ tenant: name, agents: counts(healthy) });

  it('says so where the tree is unchanged', () => {
    expect(statusOf('muster/fleet', summary([], { fleetChanged: false }))).toMatchObject({
      state: 'success',
      description: 'no fleet change',
    });
  });

  it('sums the agents of several tenants', () => {
    expect(statusOf('muster/fleet', summary([good('acme'), good('globex')]))).toMatchObject({
      state: 'success',
      description: '84/84 applied and healthy',
    });
  });

  it('is pending while one tenant is', () => {
    const late = tenant({
      tenant: 'globex',
      agents: counts({ matched: 40, connected: 40, applied: 12, pending: 28 }),
      settled: false,
    });
    expect(statusOf('muster/fleet', summary([good('acme'), late]))).toMatchObject({
      state: 'pending',
      description: 'rolling out: 54/82 applied',
    });
  });

  it('names the tenants that wait without any agents to sum', () => {
    const waiting = tenant({ tenant: 'globex', starting: true });
    expect(statusOf('muster/fleet', summary([good('acme'), waiting]))).toMatchObject({
      state: 'pending',
      description: 'globex: no agents match yet, waiting after the start',
    });
  });

  it('says once by what it was superseded', () => {
    const late = { agents: counts({ matched: 2, connected: 2, applied: 1 }), settled: false };
    const input = summary([tenant(late), tenant({ ...late, tenant: 'globex' })], {
      supersededBy: { sha: kept, state: 'pending' },
    });
    expect(statusOf('muster/fleet', input)).toMatchObject({
      state: 'pending',
      description: 'superseded by b81e6f0',
    });
  });

  it('names a failing tenant, whatever the others do', () => {
    const bad = tenant({
      tenant: 'globex',
      problems: { count: 3, first: at('tenants/globex/edge.yaml') },
      keeps: kept,
    });
    expect(statusOf('muster/fleet', summary([good('acme'), bad]))).toMatchObject({
      state: 'failure',
      description: 'globex: 3 problems, keeps b81e6f0: edge.yaml:7:30',
    });
  });

  it('names a held tenant before summing', () => {
    const held = tenant({ tenant: 'globex', guard: 'removes 12 of 40 agents' });
    expect(statusOf('muster/fleet', summary([good('acme'), held]))).toMatchObject({
      state: 'pending',
      description: 'globex: held: removes 12 of 40 agents; muster approve 1a2b3c4',
    });
  });

  it('fails for errors that count against no tenant', () => {
    const input = summary([], { problems: { count: 1, first: at('stray.yaml') } });
    expect(statusOf('muster/fleet', input)).toMatchObject({
      state: 'failure',
      description: '1 problem: stray.yaml:7:30',
    });
  });

  it('puts a wrong config first and passes the mark on', () => {
    const failed = tenant({ tenant: 'acme', agents: counts({ matched: 1, connected: 1, failed: 1 }) });
    const wrong = tenant({
      tenant: 'globex',
      agents: counts({ matched: 1, connected: 1, failed: 1, wrongConfig: 1 }),
    });
    expect(statusOf('muster/fleet', summary([failed, wrong]))).toMatchObject({
      cause: 'wrong-config',
      description: 'globex: 1 failed; acme: 1 failed',
    });
  });
});

describe('muster/validate', () => {
  it.each([
    [{ errors: { count: 0 }, warnings: 0 }, 'success', 'no problems'],
    [{ errors: { count: 0 }, warnings: 1 }, 'success', 'no errors, 1 warning'],
    [
      { errors: { count: 3, first: at('tenants/acme/edge.yaml') }, warnings: 2 },
      'failure',
      '3 problems: tenants/acme/edge.yaml:7:30',
    ],
  ])('tells %j', (validation, state, description) => {
    expect(statusOf('muster/validate', summary([], { validation }))).toMatchObject({ state, description });
  });
});

describe('contexts and addresses', () => {
  it('carry the instance', () => {
    const contexts = composeStatus(summary([tenant()], { instance: 'eu-1' })).map(({ context }) => context);
    expect(contexts).toEqual(['muster/eu-1/fleet', 'muster/eu-1/validate', 'muster/eu-1/acme']);
  });

  it('lead to the page of the revision and tenant', () => {
    const urls = composeStatus(summary([tenant()], { publicUrl: 'https://muster.example/' })).map(
      (s) => s.targetUrl,
    );
    const base = `https://muster.example/r/${sha}`;
    expect(urls).toEqual([base, `${base}/problems`, `${base}/t/acme`]);
  });

  it('lead nowhere without a usable public URL', () => {
    for (const publicUrl of ['javascript:alert(1)', `https://x/${'y'.repeat(300)}`])
      expect(
        composeStatus(summary([tenant()], { publicUrl })).every((status) => status.targetUrl === undefined),
      ).toBe(true);
  });
});

describe('many tenants', () => {
  const many = (count: number, some: (index: number) => Partial<TenantSummary>) =>
    summary(Array.from({ length: count }, (_, index) => tenant({ tenant: `t${index}`, ...some(index) })));

  it('have a context each up to 50', () => {
    expect(composeStatus(many(50, () => ({})))).toHaveLength(52);
  });

  it('have one past 50 only where they fail or have one already', () => {
    const failing = { problems: { count: 1 } };
    const input = many(300, (index) => (index === 7 ? failing : {}));
    const [, , stands] = composeStatus(summary([tenant({ tenant: 't9' })]));
    const standing = new Map(stands ? [[stands.context, stands]] : []);
    expect(composeStatus(input, standing).map(({ context }) => context)).toEqual([
      'muster/fleet',
      'muster/validate',
      'muster/t9',
      'muster/t7',
    ]);
  });

  it('are bounded even when all fail', () => {
    expect(composeStatus(many(300, () => ({ problems: { count: 1 } })))).toHaveLength(52);
  });
});
