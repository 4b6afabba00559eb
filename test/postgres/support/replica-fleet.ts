import { join } from 'node:path';
import { expect } from 'vitest';
import type { AgentView, Page, RevisionView, RolloutView } from '../../../src/http-api/index.ts';
import type { ServerMessage } from '../../../src/opamp-server/index.ts';
import { createSilentLogger, createSystemClock } from '../../../src/runtime/index.ts';
import { createSimulatedAgent, createTally, type SimulatedAgent } from '../../../src/simulator/index.ts';
import { eventually, eventuallyHolds } from '../../support/eventually.ts';
import { type GithubStandIn, startGithub } from '../../support/git-host-github.ts';
import { makeRepo, makeTemporaryDir } from '../../support/git-repo.ts';
import { type SpawnedServe, spawnServeProcess } from '../../support/serve-process.ts';
import { collectorText } from '../../support/service.ts';
import { type Balancer, createBalancer } from './balancer.ts';
import { freePort } from './postgres-cluster.ts';
import { createMessageReader } from './server-messages.ts';

/** One replica: its ports stay the same however often its process is started. */
export interface Replica {
  readonly httpUrl: string;
  process(): SpawnedServe;
  /** What all its processes wrote so far. */
  output(): string;
  /** What other replicas reach it by. */
  readonly wire: Balancer;
  /** With further environment variables, and by the `main.js` of another release, where they are given. */
  start(further?: Readonly<Record<string, string>>, entry?: string): void;
  /** Whether it is ready: it leads and has a snapshot, or it reaches the one that does. */
  isReady(): Promise<boolean>;
  leads(): Promise<boolean>;
}

/** Replicas on one database, with agents that reach whichever takes their connection. */
export interface ReplicaFleet extends AsyncDisposable {
  readonly replicas: readonly Replica[];
  readonly agents: readonly SimulatedAgent[];
  readonly github: GithubStandIn;
  /** Offers of a config that the agent had reported already. */
  readonly repeats: readonly string[];
  /** Distinct hashes that each agent was sent, by uid. */
  readonly sent: ReadonlyMap<string, readonly string[]>;
  /** Offers of a config that is older than one that the agent had been offered. */
  readonly backward: readonly string[];
  /** Every commit, the oldest first. */
  readonly commits: readonly string[];
  /** The folder of the fleet repo. */
  readonly repoDir: string;
  /** Changes the config to one that has this duration in it. */
  commit(marker: string): string;
  /** Another agent with the same labels but for its host name. */
  addAgent(host: string): SimulatedAgent;
  /** From now on no agent is sent there, as by a balancer that asks whether it is ready. */
  passOver(replica: Replica): void;
  /** How often an agent has connected. */
  connections(): number;
  /** How often agents had to try again, by cause. */
  retries(): Readonly<Record<string, number>>;
  /** The one replica that leads and is ready. */
  leader(): Promise<Replica>;
  /** One that leads and is not this one, which may hang. */
  leaderBeside(gone: Replica): Promise<Replica>;
  get<Body>(path: string): Promise<Body>;
  rollout(): Promise<RolloutView | undefined>;
  applied(): Promise<number>;
  status(sha: string): Promise<string | undefined>;
}

const filesFor = (agents: number) => ({
  'careful.yaml': `kind: Rollout
steps:
  - {name: first, count: 1, soak: 1s}
  - {name: half, percent: 50, soak: 1s}
failure: {healthTimeout: ${agents > 100 ? '2m' : '5s'}}
`,
  'edge.yaml': 'kind: AgentConfig\nselector: {}\nconfig: edge/collector.yaml\nrollout: careful\n',
  'edge/collector.yaml': collectorText('5s'),
});

/** The server asks for no password; this one must not be found anywhere. */
const canary = 'CANARY-7f3a91-do-not-leak';

/** So many agents call from one address: with more of them each takes longer to connect. */
const agentsPerAddress = 1_250;
/** A large fleet comes little by little; what all at once is like is a fault. */
const arrivals = 100;
const arrivalsMs = 200;
/** How often a large fleet is asked how it is. */
const lookEveryMs = 100;

/**
 * Starts replicas on a store, each on its own way to it where there are several, and agents before them; resolves once
 * every agent runs the first commit's config.
 */
export async function startReplicaFleet(
  stores: string | readonly string[],
  counts: { readonly replicas: number; readonly agents: number },
  further: Readonly<Record<string, string>> = {},
): Promise<ReplicaFleet> {
  const folder = makeTemporaryDir();
  const repo = makeRepo(join(folder.path, 'repo'));
  const github = await startGithub();
  const commits: string[] = [];
  const order = new Map<string, number>();
  const commit = (marker: string, others: Readonly<Record<string, string>> = {}) => {
    const sha = repo.commit({ ...others, 'edge/collector.yaml': collectorText(marker) });
    github.addCommit(sha);
    order.set(marker, commits.push(sha));
    return sha;
  };
  commit('5s', filesFor(counts.agents));
  const environment = {
    MUSTER_STATUS_TOKEN: 'gh-token',
    MUSTER_STATUS_HOST: 'github',
    MUSTER_STATUS_API_URL: github.apiUrl,
    MUSTER_STATUS_REPO: 'acme/fleet',
    MUSTER_SERVER_KEY: 'the same on every replica, thirty-two or more',
    ...further,
  };
  const ports: number[] = [];
  const replicas: Replica[] = [];
  for (let index = 0; index < counts.replicas; index += 1) {
    const [opamp, http, peer] = [await freePort(), await freePort(), await freePort()];
    ports.push(opamp);
    const wire = await createBalancer({ targets: () => [peer] });
    const store = new URL(typeof stores === 'string' ? stores : (stores[index] ?? ''));
    store.password = canary;
    replicas.push(
      createReplica(
        wire,
        {
          repo: repo.dir,
          'data-dir': join(folder.path, `data-${index}`),
          opamp: `127.0.0.1:${opamp}`,
          http: `127.0.0.1:${http}`,
          peer: `127.0.0.1:${peer}`,
          poll: '1s',
        },
        { ...environment, MUSTER_STORE: store.href, MUSTER_PEER_ADVERTISE: `127.0.0.1:${wire.port}` },
      ),
    );
  }
  const repeats: string[] = [];
  const sent = new Map<string, string[]>();
  const backward: string[] = [];
  const newest = new Map<string, number>();
  const note = ({ uid, remoteConfig }: ServerMessage) => {
    if (!remoteConfig || uid === undefined) return;
    const hashes = sent.get(uid) ?? [];
    sent.set(uid, hashes);
    if (!hashes.includes(remoteConfig.hash)) hashes.push(remoteConfig.hash);
    const [, marker = ''] =
      /timeout: (\S+)/.exec(String(Buffer.from(remoteConfig.files[0]?.body ?? []))) ?? [];
    const place = order.get(marker) ?? 0;
    const before = newest.get(uid) ?? 0;
    if (place < before) backward.push(`${uid} from ${before} to ${place}`);
    newest.set(uid, place);
    const has = byUid.get(uid)?.state();
    if (has?.status === 'applied' && has.hash === remoteConfig.hash) repeats.push(`${uid} ${has.hash}`);
  };
  const byUid = new Map<string, SimulatedAgent>();
  let connections = 0;
  const onOpen = () => {
    connections += 1;
    return createMessageReader(note);
  };
  const passedOver = new Set<number>();
  const balancer = await createBalancer({
    targets: () => ports.filter((port) => !passedOver.has(port)),
    onOpen,
  });
  const clock = createSystemClock();
  const tally = createTally(clock);
  const deps = { clock, random: Math.random, logger: createSilentLogger(), observe: tally.observe };
  const agents: SimulatedAgent[] = [];
  const addAgent = (host: string) => {
    const places = Math.ceil(counts.agents / agentsPerAddress);
    const agent = createSimulatedAgent(
      {
        localAddress: `127.0.0.${1 + (agents.length % places)}`,
        url: `ws://127.0.0.1:${balancer.port}/v1/opamp`,
        attributes: { 'service.name': 'otelcol', 'host.name': host },
        applyDelayMs: 30,
        firstRetryMs: 100,
        longestRetryMs: 500,
      },
      deps,
    );
    agents.push(agent);
    byUid.set(agent.state().uid, agent);
    return agent;
  };
  const leaderBeside = (gone?: Replica) =>
    eventually(
      async () => {
        for (const replica of replicas) if (replica !== gone && (await replica.leads())) return replica;
        return undefined;
      },
      120_000 + 40 * counts.agents,
    );
  const leader = () => leaderBeside();
  const token = further.MUSTER_API_TOKENS?.split(':').at(-1);
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const get = async <Body>(path: string) =>
    (await (await fetch(new URL(`/api/v1${path}`, (await leader()).httpUrl), { headers })).json()) as Body;
  const fleet: ReplicaFleet = {
    replicas,
    agents,
    github,
    repeats,
    sent,
    backward,
    commits,
    repoDir: repo.dir,
    addAgent,
    connections: () => connections,
    retries: () => tally.counts().retryReasons,
    passOver: (replica) => void passedOver.add(ports[replicas.indexOf(replica)] ?? 0),
    leaderBeside,
    commit: (marker) => commit(marker),
    leader,
    get,
    rollout: async () => (await get<Page<RolloutView>>('/rollouts')).items[0],
    applied: async () => (await get<Page<AgentView>>('/agents?delivery=applied&sync=Synced&limit=1')).total,
    async status(sha) {
      const { items } = await get<Page<RevisionView>>('/revisions');
      const statuses = items.find((one) => one.sha === sha)?.statuses;
      return statuses?.find(({ context }) => context === 'muster/fleet')?.state;
    },
    async [Symbol.asyncDispose]() {
      for (const agent of agents) agent.stop();
      await Promise.all(replicas.map((replica) => replica.process().end('SIGKILL')));
      await Promise.all([balancer, ...replicas.map(({ wire }) => wire)].map((one) => one.close()));
      await github.server.close();
      folder.remove();
    },
  };
  try {
    for (let index = 0; index < counts.agents; index += 1) {
      addAgent(`web-${index}`);
      if (index % arrivals === arrivals - 1) await new Promise((resolve) => setTimeout(resolve, arrivalsMs));
    }
    await eventually(
      async () => (await fleet.applied()) === counts.agents,
      120_000 + 40 * counts.agents,
      lookEveryMs,
    );
  } catch (error) {
    // Nobody else knows of its processes.
    await fleet[Symbol.asyncDispose]();
    throw error;
  }
  return fleet;
}

/** The commit went out whole, by whichever replica; everything was said and sent once, and no secret was logged. */
export async function expectConverged(
  fleet: ReplicaFleet,
  sha: string,
  { patienceMs = 60_000 }: { readonly patienceMs?: number } = {},
): Promise<void> {
  const { agents, github, replicas, repeats, backward } = fleet;
  const eventuallyIn = (assertion: () => void | Promise<void>) =>
    eventuallyHolds(assertion, patienceMs, lookEveryMs).catch(async (error: Error) => {
      error.message += `\n${await tellState(fleet)}`;
      throw error;
    });
  await eventuallyIn(async () => expect(await fleet.status(sha)).toBe('success'));
  await eventuallyIn(async () => expect(await fleet.applied()).toBe(agents.length));
  expect(new Set(agents.map((agent) => agent.state().hash)).size).toBe(1);
  await eventuallyIn(() => {
    expect(github.records(sha, 'muster/fleet').at(-1)?.state).toBe('success');
    expect(openContexts(fleet, [sha])).toEqual([]);
  });
  expectSaidOnce(fleet, sha);
  expect(repeats, 'an agent was sent what it had').toEqual([]);
  expect(backward, 'an agent was sent what is older').toEqual([]);
  for (const replica of replicas) {
    const output = replica.output();
    expect(output.match(/.*"level":50.*/g) ?? [], 'an error was logged').toEqual([]);
    expect(output.includes(canary), 'a secret was logged').toBe(false);
  }
}

/** What the leader knows of rollouts and agents: why something did not come to its end. */
async function tellState(fleet: ReplicaFleet): Promise<string> {
  const { items } = await fleet.get<Page<AgentView>>('/agents?limit=500');
  const behind = items.filter(({ delivery, sync }) => delivery !== 'applied' || sync !== 'Synced');
  const agents = behind
    .slice(0, 20)
    .map(
      ({ uid, delivery, sync, health, connected, reason }) =>
        `${uid} ${delivery} ${sync} ${health} ${connected ? 'connected' : 'gone'} ${reason ?? ''}`,
    );
  return [JSON.stringify(await fleet.rollout()), ...agents].join('\n');
}

/** Contexts of these commits that were begun and have no success yet. */
export function openContexts(
  { github }: Pick<ReplicaFleet, 'github'>,
  commits: readonly string[],
): readonly string[] {
  return commits.flatMap((sha) => {
    const last = new Map(github.records(sha).map(({ context, state }) => [context, state]));
    return [...last]
      .filter(([, state]) => state !== 'success')
      .map(([context, state]) => `${sha} ${context} ${state}`);
  });
}

/** No status of the commit was written twice, and none got two verdicts; of one that was taken back none got another. */
export function expectSaidOnce(
  { github }: Pick<ReplicaFleet, 'github'>,
  sha: string,
  wasTakenBack = false,
): void {
  for (const context of new Set(github.records(sha).map((record) => record.context))) {
    const said = github.records(sha, context).map(({ state, description }) => `${state} ${description}`);
    for (const [index, one] of said.entries())
      expect(one, `${context} of ${sha} was repeated`).not.toBe(said[index - 1]);
    const verdicts = said
      .filter((one) => !one.startsWith('pending'))
      .map((one) => (wasTakenBack ? one.split(' ')[0] : one));
    expect(new Set(verdicts).size, `${context} of ${sha}: ${said.join(' | ')}`).toBeLessThanOrEqual(1);
  }
}

function createReplica(
  wire: Balancer,
  flags: Readonly<Record<string, string>>,
  environment: Readonly<Record<string, string>>,
): Replica {
  const httpUrl = `http://${flags.http}`;
  let process = spawnServeProcess(flags, environment);
  let earlier = '';
  const probe = async () => {
    const answer = await fetch(new URL('/readyz', httpUrl), { signal: AbortSignal.timeout(2_000) }).catch(
      () => undefined,
    );
    const body = (await answer?.json().catch(() => ({}))) as { leads?: boolean } | undefined;
    return { ready: answer?.status === 200, leads: body?.leads === true };
  };
  return {
    httpUrl,
    wire,
    process: () => process,
    output: () => earlier + process.output(),
    start(further = {}, entry) {
      earlier += process.output();
      process = spawnServeProcess(flags, { ...environment, ...further }, entry);
    },
    isReady: async () => (await probe()).ready,
    leads: async () => {
      const { ready, leads } = await probe();
      return ready && leads;
    },
  };
}
