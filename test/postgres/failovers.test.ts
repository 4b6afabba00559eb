import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { AgentView, Page } from '../../src/http-api/index.ts';
import { eventually, eventuallyHolds } from '../support/eventually.ts';
import { faults, keepsConnections, pause, type Scene, secondsSince } from './support/faults.ts';
import { createPostgresCluster, type PostgresCluster } from './support/postgres-cluster.ts';
import {
  expectConverged,
  expectSaidOnce,
  openContexts,
  type ReplicaFleet,
  startReplicaFleet,
} from './support/replica-fleet.ts';
import {
  createProxyLinks,
  createServerNamespace,
  type ServerNamespace,
  type StoreLink,
} from './support/store-links.ts';

const { env } = process;
const rounds = Number(env.MUSTER_FAILOVERS ?? 2);
const agentCount = Number(env.MUSTER_FAILOVER_AGENTS ?? 6);
const replicaCount = Number(env.MUSTER_FAILOVER_REPLICAS ?? 2);
/** No fault lasts longer by itself. */
const longestMs = Number(env.MUSTER_FAULT_SECONDS ?? 8) * 1_000;
/** After a fault: a host that was away is asked again after two minutes at the latest. */
const patienceMs = 60_000 + 4 * longestMs + 20 * agentCount;
/** A rollout's steps soak for two seconds; the rest goes with the number of agents. */
const rolloutMs = 4_000 + agentCount;

let namespace: ServerNamespace | undefined;
let cluster: PostgresCluster;
let links: readonly StoreLink[];
let closeLinks: () => Promise<unknown> = async () => {};

beforeAll(async () => {
  namespace = createServerNamespace(replicaCount);
  cluster = await createPostgresCluster(namespace?.place);
  if (namespace) links = namespace.links;
  else ({ links, close: closeLinks } = await createProxyLinks(cluster, replicaCount));
});

afterAll(async () => {
  cluster?.remove();
  await closeLinks();
  namespace?.remove();
});

/** A seeded generator, so that a failing run can be repeated. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return state / 4_294_967_296;
  };
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** What a commit came to: the last status of each context, and what agents run. */
function outcomeOf({ github, agents }: ReplicaFleet, sha: string): unknown {
  const last = new Map(github.records(sha).map(({ context, ...said }) => [context, said]));
  const statuses = [...last].sort(([a], [b]) => a.localeCompare(b));
  const withoutCommit = JSON.stringify(statuses).replaceAll(sha, '').replaceAll(sha.slice(0, 7), '');
  return {
    statuses: JSON.parse(withoutCommit) as unknown,
    hashes: [...new Set(agents.map((agent) => agent.state().hash))],
  };
}

/** One commit and one fault at a random moment of its rollout, then perhaps the end of both. */
async function playRound(round: number, scene: Omit<Scene, 'leader'>): Promise<void> {
  const { fleet, random } = scene;
  const leader = await fleet.leader();
  // The one that has cost most comes first, however few rounds there are.
  const names = Object.keys(faults);
  const name =
    (round === 0 ? names[0] : (env.MUSTER_FAULT ?? names[Math.floor(random() * names.length)])) ?? '';
  const before = name.startsWith('the Git host') ? 0 : random() * rolloutMs;
  const waits = random() < 0.5;
  const sha = fleet.commit(`${100 + round}s`);
  await pause(before);
  if (keepsConnections.has(name)) await allConnected(fleet);
  const connections = fleet.connections();
  const retries = fleet.retries();
  const struck = Date.now();
  const more = await faults[name]?.({ ...scene, leader });
  const lasted = secondsSince(struck);
  say(
    `round ${round + 1}: ${name}, ${(before / 1_000).toFixed(1)} s after ${sha.slice(0, 7)}, for ${lasted} s${typeof more === 'string' ? ` (${more})` : ''}`,
  );
  if (waits) {
    const mended = Date.now();
    try {
      await expectConverged(fleet, sha, { patienceMs });
    } finally {
      const again = Object.entries(fleet.retries()).map(([why, count]) => [why, count - (retries[why] ?? 0)]);
      const causes = again.filter(([, count]) => count).map(([why, count]) => `, ${count} × ${why}`);
      const since = fleet.connections() - connections;
      say(`  that rollout had ended ${secondsSince(mended)} s later; ${since} connections${causes.join('')}`);
    }
  }
  if (keepsConnections.has(name))
    expect(fleet.connections(), 'nobody had to connect again').toBe(connections);
}

/** Those that the fault before this one has cost their connection have another. */
async function allConnected({ agents }: ReplicaFleet): Promise<void> {
  await eventually(() => agents.every((agent) => agent.state().connected), patienceMs, 100);
}

it(
  `29 faults at ${rounds} random points of rollouts: nobody is skipped or sent what it had, no status repeated`,
  async () => {
    const seed = Number(env.MUSTER_FAULT_SEED ?? Date.now() % 1_000_000);
    const random = createRandom(seed);
    const cut = namespace ? 'by a network namespace' : 'by proxies';
    say(`seed ${seed}, ${agentCount} agents, ${replicaCount} replicas, PostgreSQL is cut off ${cut}`);
    const store = await cluster.createDatabase();
    const began = Date.now();
    await using fleet = await startReplicaFleet(
      links.map((link) => link.urlOf(store)),
      { replicas: replicaCount, agents: agentCount },
    );
    await using _ = keepLogs(fleet);
    say(`all agents ran the first config after ${secondsSince(began)} s`);
    const calm = fleet.commit('99s');
    const committed = Date.now();
    await expectConverged(fleet, calm, { patienceMs });
    say(`a rollout without fault ended after ${secondsSince(committed)} s`);
    await eventuallyHolds(
      () => expect(fleet.github.records(calm, 'muster/default').at(-1)?.state).toBe('success'),
      patienceMs,
    );
    const wanted = outcomeOf(fleet, calm);

    const copy = { commits: 0, forgotten: new Set<string>(), takenBack: new Set<string>() };
    for (let round = 0; round < rounds; round += 1)
      await playRound(round, { fleet, cluster, links, random, longestMs, copy });

    const last = fleet.commit('99s');
    await expectConverged(fleet, last, { patienceMs });
    await eventuallyHolds(
      () => expect(outcomeOf(fleet, last), 'what it comes to without faults').toEqual(wanted),
      patienceMs,
    );
    const { total } = await fleet.get<Page<AgentView>>('/agents?limit=1');
    expect(total, 'agents that are known').toBe(agentCount);
    await expectEveryVerdict(fleet, copy);
    const sent = [...fleet.sent.values()].map((hashes) => hashes.length);
    for (const count of sent) expect(count).toBeLessThanOrEqual(rounds + 2);
    const statuses = fleet.commits.reduce((sum, sha) => sum + fleet.github.records(sha).length, 0);
    say(
      `checked: ${agentCount} agents run one config, ${fleet.connections()} connections, ` +
        `${sent.reduce((a, b) => a + b, 0)} offers, ${fleet.repeats.length} repeated, ${fleet.backward.length} older; ` +
        `${statuses} statuses of ${fleet.commits.length} commits, none repeated, none missing`,
    );
  },
  180_000 + rounds * (60_000 + longestMs + patienceMs),
);

/** What the replicas wrote, in files of the folder MUSTER_FAULT_LOGS where there is one: passed tests leave nothing else. */
function keepLogs({ replicas }: ReplicaFleet): AsyncDisposable {
  return {
    async [Symbol.asyncDispose]() {
      const { MUSTER_FAULT_LOGS: folder } = env;
      if (folder === undefined) return;
      mkdirSync(folder, { recursive: true });
      for (const [index, replica] of replicas.entries())
        writeFileSync(join(folder, `replica-${index}.log`), replica.output());
    },
  };
}

/**
 * Every context of every commit that was looked at got its verdict, and said nothing twice. Nobody knows any more of a
 * superseded commit that a restored store has forgotten: what it said last stays; and what one knew as open gets the
 * same verdict anew.
 */
async function expectEveryVerdict(
  fleet: ReplicaFleet,
  { forgotten, takenBack }: Scene['copy'],
): Promise<void> {
  const known = fleet.commits.filter((sha) => !forgotten.has(sha));
  await eventuallyHolds(() => expect(openContexts(fleet, known)).toEqual([]), patienceMs, 100);
  for (const sha of fleet.commits) expectSaidOnce(fleet, sha, takenBack.has(sha));
}
