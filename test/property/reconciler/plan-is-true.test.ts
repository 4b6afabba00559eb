import { describe, expect, it } from 'vitest';
import { agentCapability, type Plan } from '../../../src/model/index.ts';
import { type AgentOutcome, type PlanEngine, planHead } from '../../../src/reconciler/index.ts';
import { createConfigWork } from '../../../src/workers/index.ts';
import { fullCapabilities, uidOf } from '../../support/agents.ts';
import {
  anyAgents,
  anyRepo,
  describeAgent,
  filesOf,
  type RandomAgent,
  type RandomRepo,
  smallBuild,
} from '../../support/plan-fleets.ts';
import fc from '../../support/property.ts';
import { contentOf } from '../../support/repo-content.ts';
import { createTestReconciler, type TestReconciler } from '../../support/test-reconciler.ts';

/** `MUSTER_PROPERTY_RUNS` for longer runs, as every night. */
const numRuns = Number(process.env.MUSTER_PROPERTY_RUNS ?? 60);
const timeout = 60_000 + numRuns * 1_000;
const anyCase = fc.record({
  agents: anyAgents,
  base: anyRepo,
  head: anyRepo,
  rings: fc.tuple(fc.constantFrom('prod', 'dev'), fc.constantFrom('prod', 'dev')),
});

/** Agents connect and apply all that they are offered, until nothing more comes. */
async function settle(test: TestReconciler, agents: readonly RandomAgent[]): Promise<void> {
  const session = { id: 'c1', transport: 'ws' } as const;
  for (const [index, agent] of agents.entries()) {
    const listing = agent.listsComponents ? agentCapability.reportsAvailableComponents : 0;
    const accepting = agent.accepts ? 0 : agentCapability.acceptsRemoteConfig;
    const capabilities = (fullCapabilities | listing) & ~accepting;
    const build = agent.listsComponents ? smallBuild : {};
    test.receive(
      { uid: uidOf(index), sequence: 0, capabilities, description: describeAgent(agent, index), ...build },
      session,
    );
  }
  await test.reconciler.idle();
  for (const { uid, config } of test.pushed) {
    const agent = agents[Number.parseInt(uid.slice(-12), 16)];
    const listing = agent?.listsComponents ? agentCapability.reportsAvailableComponents : 0;
    const status = { hash: config.hash, state: 'applied', errorMessage: '' } as const;
    test.receive({ uid, sequence: 1, capabilities: fullCapabilities | listing, remoteConfigStatus: status });
  }
  await test.reconciler.idle();
  test.pushed.length = 0;
}

/** Plans the head against the reconciler's world, with an engine that holds both revisions. */
async function plan(
  test: TestReconciler,
  files: { readonly base: Readonly<Record<string, string>>; readonly head: Readonly<Record<string, string>> },
): Promise<{ readonly plan: Plan; readonly outcomes: ReadonlyMap<string, AgentOutcome> }> {
  const work = createConfigWork();
  const now = test.clock.now();
  work.load(contentOf(files.base, 1), new Map(), now);
  const engine: PlanEngine = {
    borrow: async (content, owners) => work.borrow(content, owners, now),
    release: (revision) => work.release(revision),
    render: async (requests) => work.render(requests),
    compare: async (changes) => work.compare(changes),
  };
  const outcomes = new Map<string, AgentOutcome>();
  const head = contentOf(files.head, 2);
  const base = contentOf(files.base, 1).revision;
  const made = await planHead(
    test.reconciler.world,
    { content: head, sha: head.revision, base, showsValues: true },
    {
      ...{ engine, now, sliceSize: 3 },
      breathe: () => Promise.resolve(),
      onAgent: (uid, outcome) => void outcomes.set(uid, outcome),
    },
  );
  return { plan: made, outcomes };
}

/** What became of each agent, in the words of a plan. */
function observe(test: TestReconciler, before: ReadonlyMap<string, string | undefined>) {
  const pushed = new Map(test.pushed.map(({ uid, config }) => [uid, config.hash]));
  return new Map(
    [...test.reconciler.world.registry.entries()].map(({ agent, assignment, facts }) => {
      const hash = pushed.get(agent.uid);
      const had = before.get(agent.uid);
      if (hash !== undefined) return [agent.uid, `offer ${hash}`];
      if (assignment.kind === 'conflict') return [agent.uid, 'conflict'];
      if (assignment.kind === 'unmanaged') return [agent.uid, had === undefined ? 'none' : 'unassigned'];
      return [agent.uid, facts.delivery === 'held' ? `hold ${facts.reason}` : 'none'];
    }),
  );
}

function describeOutcome(outcome: AgentOutcome | undefined): string {
  switch (outcome?.kind) {
    case 'offer':
      return `offer ${outcome.hash}`;
    case 'hold':
      return `hold ${outcome.reason}`;
    default:
      return outcome?.kind ?? 'none';
  }
}

async function check(
  agents: readonly RandomAgent[],
  base: RandomRepo,
  head: RandomRepo,
  rings: readonly string[],
) {
  const test = createTestReconciler();
  const files = { base: filesOf(base, rings[0] ?? ''), head: filesOf(head, rings[1] ?? '') };
  await test.commit(files.base);
  await settle(test, agents);
  const { world } = test.reconciler;
  const owners = () =>
    new Map(
      [...world.registry.entries()].map(({ agent: { uid }, assignment }) => {
        const owned = assignment.kind === 'assigned' || assignment.kind === 'held';
        return [uid, owned ? assignment.config : undefined] as const;
      }),
    );
  const [before, standing] = [owners(), observe(test, owners())];
  const { plan: made, outcomes } = await plan(test, files);
  const sha = await test.commit(files.head);
  expect([...world.held].map(([tenant, { reason }]) => ({ tenant, reason }))).toEqual(made.held);
  if (made.held.length > 0) {
    expect(test.pushed).toEqual([]);
    test.reconciler.commands.approve(sha, { actor: 'ada', reason: 'test' });
    await test.reconciler.idle();
  }
  for (const [uid, observed] of observe(test, before)) {
    const planned = describeOutcome(outcomes.get(uid));
    // Where the commit changes nothing for an agent, whatever held it goes on to hold it.
    if (planned === 'none') expect(['none', standing.get(uid)]).toContain(observed);
    else expect(observed).toBe(planned);
  }
  const count = (kind: string) => [...outcomes.values()].filter((one) => one.kind === kind).length;
  expect(made.blast.agents).toBe(test.pushed.length);
  expect(made.unassigned.reduce((sum, one) => sum + one.agents, 0)).toBe(count('unassigned'));
  return { made, count };
}

describe('a plan', () => {
  it(
    'says of every agent what becomes of it once the head is in force',
    async () => {
      const seen = { offer: 0, hold: 0, unassigned: 0, conflict: 0, held: 0, error: 0 };
      await fc.assert(
        fc.asyncProperty(anyCase, async ({ agents, base, head, rings }) => {
          const { made, count } = await check(agents, base, head, rings);
          for (const kind of ['offer', 'hold', 'unassigned', 'conflict'] as const) seen[kind] += count(kind);
          seen.held += made.held.length;
          seen.error += made.state === 'error' ? 1 : 0;
        }),
        { numRuns },
      );
      // Random fleets that never came to something would prove nothing about it.
      for (const [kind, times] of Object.entries(seen)) expect([kind, times]).not.toEqual([kind, 0]);
    },
    timeout,
  );
});
