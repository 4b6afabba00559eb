import { applyReport } from '../../../src/fleet/index.ts';
import {
  type AgentReport,
  type AgentState,
  type ConfigHash,
  commitSha,
  configHash,
  instanceUid,
  type PackageProgress,
  type RolloutPolicy,
  type RolloutState,
  type UnitCounters,
} from '../../../src/model/index.ts';
import {
  type AdvanceInputs,
  advance,
  allotInFlight,
  asPackageAgent,
  type Contribution,
  computeCapacity,
  computeShared,
  contributionOf,
  countWaiting,
  createUnitTally,
  decide,
  endPackageFailures,
  findStanding,
  freeSlots,
  orderOf,
  type RolloutAgent,
  type RolloutCase,
  type RolloutDecision,
  recordJudgement,
  recordOffer,
  recordPackageStatuses,
  type Standing,
  startRollout,
  sumUnitCounters,
  timeHold,
  type UnitTally,
} from '../../../src/rollout/index.ts';
import { fullCapabilities, healthOf } from '../../support/agents.ts';

/** How a simulated agent takes a bad config; a good one all take well, each in its own time. */
export type Behaviour = 'good' | 'refuse' | 'sick' | 'die' | 'slow' | 'flapping';

/** What the rollout offers: configs, or the packages of a Package. */
export type Subject = 'configs' | 'packages';

export interface SimSpec {
  readonly behaviour: Behaviour;
  readonly transport: 'ws' | 'http';
  readonly capabilities: 'full' | 'no-health' | 'none';
  readonly ring: 'canary' | 'prod';
}

/** One simulated agent: what the server knows of it, and what it really does. */
export interface SimAgent {
  spec: SimSpec;
  uid: string;
  replica: number;
  known: AgentState | undefined;
  up: boolean;
  runs: string;
  status: { hash: string; state: 'applied' | 'failed' } | undefined;
  healthy: boolean;
  inbox: string | undefined;
  sequence: number;
  fresh: boolean;
  connection: number;
  contribution: Contribution | undefined;
  /** What it is in flight with took a place; a newcomer's first config takes none. */
  tookSlot: boolean;
}

export interface Replica {
  state: RolloutState;
  tally: UnitTally;
  allowance: number;
}

export type Bytes = { readonly hash: ConfigHash };
export type Decision = RolloutDecision<Bytes>;

/** Called with every decision that is an offer, before it is recorded. */
export type OnOffer = (
  sim: SimFleet,
  agent: SimAgent,
  one: RolloutCase<Bytes>,
  standing: Standing,
  decision: Decision,
) => void;

export interface SimFleet {
  now: number;
  readonly subject: Subject;
  readonly policy: RolloutPolicy;
  readonly agents: SimAgent[];
  readonly replicas: Replica[];
  state: RolloutState;
  stop: boolean;
  inputs: AdvanceInputs;
  uids: number;
  readonly onOffer: OnOffer;
}

const interval = 30_000;
export const second = 1_000;
export const minute = 60_000;

export function targetOf(key: string) {
  return { key, source: commitSha(key.padEnd(40, '0')) };
}

export function hashOfKey(key: string): ConfigHash {
  return configHash(key.padEnd(64, '0'));
}

export function createSim(
  policy: RolloutPolicy,
  specs: readonly SimSpec[],
  replicaCount: number,
  lastGood: string | undefined,
  onOffer: OnOffer,
  subject: Subject = 'configs',
): SimFleet {
  const known = lastGood === undefined ? {} : { lastGood: targetOf(lastGood) };
  const now = 1_000_000_000;
  const state = startRollout('acme/edge', targetOf('b0'), policy, now, known);
  const sim: SimFleet = {
    now,
    subject,
    policy,
    agents: [],
    replicas: Array.from({ length: replicaCount }, () => ({ state, tally: createUnitTally(), allowance: 0 })),
    state,
    stop: false,
    inputs: {
      gate: { windows: policy.windows, freezes: policy.freezes },
      isHeld: false,
      after: { kind: 'passed' },
      approved: new Set(),
      starting: false,
    },
    uids: 0,
    onOffer,
  };
  for (const spec of specs) addAgent(sim, spec, lastGood ?? '');
  return sim;
}

export function addAgent(sim: SimFleet, spec: SimSpec, runs: string): SimAgent {
  sim.uids += 1;
  const agent: SimAgent = {
    spec,
    uid: `01936f2e-8c1a-7b42-9d55-${sim.uids.toString(16).padStart(12, '0')}`,
    replica: sim.uids % sim.replicas.length,
    known: undefined,
    up: true,
    runs,
    status: runs === '' ? undefined : { hash: hashOfKey(runs), state: 'applied' },
    healthy: true,
    inbox: undefined,
    sequence: 0,
    fresh: true,
    connection: 1,
    contribution: undefined,
    tookSlot: false,
  };
  sim.agents.push(agent);
  return agent;
}

/** The agent acts on what it was sent, by its behaviour. */
export function work(sim: SimFleet, agent: SimAgent, force = false): void {
  if (!agent.up || agent.inbox === undefined) return;
  if (agent.spec.behaviour === 'slow' && !force && sim.now % 3 !== 0) return;
  const key = agent.inbox.replace(/0+$/, '');
  agent.inbox = undefined;
  const isBad = key.startsWith('b');
  const hash = hashOfKey(key === '' ? '0' : key);
  if (isBad && agent.spec.behaviour === 'refuse') {
    agent.status = { hash, state: 'failed' };
    return;
  }
  if (isBad && agent.spec.behaviour === 'die') {
    silence(sim, agent);
    return;
  }
  agent.runs = key;
  agent.status = { hash, state: 'applied' };
  agent.healthy = !(isBad && agent.spec.behaviour === 'sick');
}

const packageBits = 0x8 | 0x10;

function capabilitiesOf({ subject }: SimFleet, { capabilities }: SimSpec): number {
  const full = subject === 'configs' ? fullCapabilities : 0x1 | 0x800 | packageBits;
  if (capabilities === 'none') return subject === 'configs' ? 0x3 : 0x1 | 0x8;
  return capabilities === 'no-health' ? full & ~0x800 : full;
}

function statusReport(
  { subject }: SimFleet,
  { hash, state }: NonNullable<SimAgent['status']>,
): Partial<AgentReport> {
  const reported = configHash(hash);
  if (subject === 'configs') return { remoteConfigStatus: { hash: reported, state, errorMessage: '' } };
  const one = {
    ...{ name: 'otelcol', hasVersion: '', offeredVersion: '', errorMessage: '' },
    ...{ hasHash: state === 'applied' ? hash : '', offeredHash: hash },
    state: state === 'applied' ? ('installed' as const) : ('install-failed' as const),
  };
  return {
    packageStatuses: { offeredHash: hash, errorMessage: '', packages: new Map([['otelcol', one]]) },
  };
}

/** An agent as its rollout sees it. */
export function seen(sim: SimFleet, known: AgentState): RolloutAgent {
  return sim.subject === 'configs' ? known : asPackageAgent(known);
}

/** What a rollout found out about an agent, kept where it reads it again. */
function keep(sim: SimFleet, known: AgentState, found: Partial<PackageProgress>): AgentState {
  if (sim.subject === 'configs') return { ...known, ...found };
  return { ...known, packageProgress: { ...(known.packageProgress ?? { failedHashes: [] }), ...found } };
}

function takePackages(sim: SimFleet, known: AgentState, { packageStatuses: told }: AgentReport): AgentState {
  const offered = told && new Map([['otelcol', told.offeredHash]]);
  const progress = told ? recordPackageStatuses(known, told, offered, sim.now) : known.packageProgress;
  if (!progress) return known;
  return { ...known, packageProgress: endPackageFailures(progress, known.health?.healthy === true) };
}

/** The agent reports all it knows; the server answers at once. */
export function report(sim: SimFleet, agent: SimAgent, disconnect = false): void {
  if (!agent.up) return;
  const acknowledges = agent.spec.capabilities !== 'none';
  const message: AgentReport = {
    uid: instanceUid(agent.uid),
    sequence: agent.fresh ? 0 : agent.sequence,
    capabilities: capabilitiesOf(sim, agent.spec),
    disconnect,
    requestsUid: false,
    ...(agent.fresh && { description: { identifying: [], nonIdentifying: [] } }),
    ...(agent.spec.capabilities === 'full' && { health: healthOf(agent.healthy) }),
    ...(acknowledges && agent.status && statusReport(sim, agent.status)),
  };
  agent.sequence = message.sequence + 1;
  agent.fresh = false;
  const applied = applyReport(agent.known, message, {
    now: sim.now,
    tenant: 'acme',
    credential: 'edge',
    connection: agent.spec.transport === 'http' ? 'http' : `c${agent.connection}`,
    transport: agent.spec.transport,
    describe: () => ({ labels: new Map([['ring', agent.spec.ring]]), type: 'otelcol' }),
    fullStateEveryMs: 0,
    secure: true,
    judgeHealth: (health) => health,
  });
  const { offered, ...gone } = takePackages(sim, applied.agent, message);
  agent.known = disconnect || offered === undefined ? gone : { ...gone, offered };
  serve(sim, agent);
}

/** The connection is lost, without a word. */
export function silence(sim: SimFleet, agent: SimAgent): void {
  agent.up = false;
  agent.inbox = undefined;
  if (agent.known && agent.spec.transport === 'ws')
    agent.known = { ...agent.known, connected: false, disconnectedAt: sim.now };
  if (agent.known) recount(sim, agent);
}

export function reconnect(sim: SimFleet, agent: SimAgent, replica: number, fresh: boolean): void {
  const old = sim.replicas[agent.replica] as Replica;
  // A process that loses an agent in flight to another gives its place up until the leader allots anew.
  const wasFlying = agent.contribution?.counts.includes('inFlight') === true;
  if (wasFlying && agent.replica !== replica) old.allowance = Math.max(0, old.allowance - 1);
  leave(sim, agent);
  agent.up = true;
  agent.replica = replica;
  agent.connection += 1;
  agent.fresh = agent.fresh || fresh;
  agent.inbox = undefined;
  report(sim, agent);
}

/** What the server makes of an agent now: judged, counted, and offered what it is due. */
export function serve(sim: SimFleet, agent: SimAgent): void {
  if (!agent.known) return;
  const replica = sim.replicas[agent.replica] as Replica;
  recount(sim, agent);
  const one = caseOf(sim, agent, replica.state);
  const standing = findStanding(one);
  const decision = decide(one, standing, gatesOf(sim, replica));
  if (decision.kind !== 'offer') return;
  sim.onOffer(sim, agent, one, standing, decision);
  agent.tookSlot ||= decision.takesSlot;
  const sent = recordOffer(one.agent, decision.bytes, decision.as, replica.state, sim.now);
  agent.known = keep(sim, agent.known, sent);
  if (agent.up) agent.inbox = decision.bytes.hash;
  recount(sim, agent);
}

export function gatesOf(sim: SimFleet, replica: Replica) {
  return {
    stop: sim.stop ? 'stopped: drill' : undefined,
    pause: undefined,
    time: timeHold(sim.inputs.gate, sim.now),
    after: sim.inputs.after.kind === 'passed' ? undefined : 'waiting for gateway (after)',
    slots: freeSlots(allowanceOf(sim, replica), replica.tally.counts()),
    slotsBack: freeSlots(
      sim.replicas.length > 1 ? replica.allowance : sim.policy.maxInFlight,
      replica.tally.counts(),
    ),
    retryMs: 10 * minute,
  };
}

/** One process alone knows all; several act under what the leader allotted them. */
function allowanceOf(sim: SimFleet, replica: Replica): number {
  if (sim.replicas.length > 1) return replica.allowance;
  return computeCapacity(replica.state, sim.policy, replica.tally.counts());
}

export function caseOf(sim: SimFleet, agent: SimAgent, state: RolloutState): RolloutCase<Bytes> {
  const known = seen(sim, agent.known as AgentState);
  const bytesOf = (key: string | undefined) => (key === undefined ? undefined : { hash: hashOfKey(key) });
  const reported = known.remoteConfigStatus?.hash ?? '';
  return {
    agent: known,
    order: orderOf(sim.policy.name, 'edge', agent.uid),
    state,
    policy: sim.policy,
    target: bytesOf(state.target.key),
    lastGoodAssigns: state.lastGood !== undefined,
    lastGood: bytesOf(state.lastGood?.key),
    pinned: bytesOf(state.pin?.target.key),
    ownHold: undefined,
    reportsOurs: reported !== '',
    reportGraceMs: 2 * interval,
    now: sim.now,
  };
}

/** Judges the agent, keeps what the judgement says, and counts it anew. */
export function recount(sim: SimFleet, agent: SimAgent): void {
  const replica = sim.replicas[agent.replica] as Replica;
  if (!agent.known) return;
  const first = caseOf(sim, agent, replica.state);
  const { judgement } = findStanding(first);
  if (first.target)
    agent.known = keep(sim, agent.known, recordJudgement(first.agent, first.target, judgement, sim.now));
  const one = caseOf(sim, agent, replica.state);
  if (agent.contribution) replica.tally.remove(agent.contribution);
  agent.contribution = contributionOf(one, findStanding(one));
  agent.tookSlot &&= agent.contribution.counts.includes('inFlight');
  replica.tally.add(agent.contribution);
}

function leave(sim: SimFleet, agent: SimAgent): void {
  if (agent.contribution) (sim.replicas[agent.replica] as Replica).tally.remove(agent.contribution);
  agent.contribution = undefined;
}

export function forget(sim: SimFleet, agent: SimAgent): void {
  leave(sim, agent);
  sim.agents.splice(sim.agents.indexOf(agent), 1);
}

/** A replica takes over the leader's newest state, and looks at its agents again. */
export function syncReplica(sim: SimFleet, index: number): void {
  const replica = sim.replicas[index] as Replica;
  replica.state = sim.state;
  for (const agent of sim.agents) if (agent.replica === index && agent.known) recount(sim, agent);
}

export function serveAll(sim: SimFleet, index: number): void {
  for (const agent of sim.agents) if (agent.replica === index) serve(sim, agent);
}

/** The sum of what every replica counts, where all have taken over the newest state. */
export function totals(sim: SimFleet): UnitCounters | undefined {
  const all = sim.replicas.map(({ tally, state }) => tally.counters(state.version));
  return sumUnitCounters(all, sim.state.version);
}

/** The leader moves the rollout by at most one step, and allots what may be in flight. */
export function lead(sim: SimFleet): ReturnType<typeof advance> {
  const outcome = advance(sim.state, totals(sim), sim.policy, sim.now, sim.inputs);
  sim.state = outcome.state;
  if (sim.replicas.length === 1) syncReplica(sim, 0);
  return outcome;
}

/** New allowances, from the newest counts; a replica may take its own over later than another. */
export function allot(sim: SimFleet, which: number): void {
  const counters = totals(sim);
  if (!counters || sim.replicas.length === 1) return;
  const demands = sim.replicas.map(({ tally, state, allowance }, index) => {
    const counts = tally.counts();
    return { id: `r${index}`, inFlight: counts.inFlight, waiting: countWaiting(state, counts), allowance };
  });
  const granted = allotInFlight(computeShared(sim.state, sim.policy, counters), demands);
  const replica = sim.replicas[which % sim.replicas.length] as Replica;
  replica.allowance = granted.get(`r${which % sim.replicas.length}`) ?? 0;
}
