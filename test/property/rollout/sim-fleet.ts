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
  type UnitContribution,
  type UnitCounters,
} from '../../../src/model/index.ts';
import {
  type AdvanceInputs,
  advance,
  asPackageAgent,
  computeCapacity,
  contributionOf,
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
  known: AgentState | undefined;
  up: boolean;
  runs: string;
  status: { hash: string; state: 'applied' | 'failed' } | undefined;
  healthy: boolean;
  inbox: string | undefined;
  sequence: number;
  fresh: boolean;
  connection: number;
  contribution: UnitContribution | undefined;
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
  readonly tally: UnitTally;
  /** The version of the state under which everybody has been counted. */
  counted: number;
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
    tally: createUnitTally(),
    counted: state.version,
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
function seen(sim: SimFleet, known: AgentState): RolloutAgent {
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

export function reconnect(sim: SimFleet, agent: SimAgent, fresh: boolean): void {
  leave(sim, agent);
  agent.up = true;
  agent.connection += 1;
  agent.fresh = agent.fresh || fresh;
  agent.inbox = undefined;
  report(sim, agent);
}

/** What the server makes of an agent now: judged, counted, and offered what it is due. */
export function serve(sim: SimFleet, agent: SimAgent): void {
  if (!agent.known) return;
  recount(sim, agent);
  const one = caseOf(sim, agent);
  const standing = findStanding(one);
  const decision = decide(one, standing, gatesOf(sim));
  if (decision.kind !== 'offer') return;
  sim.onOffer(sim, agent, one, standing, decision);
  const sent = recordOffer(one.agent, decision.bytes, decision.as, sim.state, sim.now);
  agent.known = keep(sim, agent.known, sent);
  if (agent.up) agent.inbox = decision.bytes.hash;
  recount(sim, agent);
}

export function gatesOf(sim: SimFleet) {
  const counts = sim.tally.counts();
  return {
    stop: sim.stop ? 'stopped: drill' : undefined,
    pause: undefined,
    time: timeHold(sim.inputs.gate, sim.now),
    after: sim.inputs.after.kind === 'passed' ? undefined : 'waiting for gateway (after)',
    slots: freeSlots(computeCapacity(sim.state, sim.policy, counts), counts),
    slotsBack: freeSlots(sim.policy.maxInFlight, counts),
    retryMs: 10 * minute,
  };
}

export function caseOf(sim: SimFleet, agent: SimAgent): RolloutCase<Bytes> {
  const { state } = sim;
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
  if (!agent.known) return;
  const first = caseOf(sim, agent);
  const { judgement } = findStanding(first);
  if (first.target)
    agent.known = keep(sim, agent.known, recordJudgement(first.agent, first.target, judgement, sim.now));
  const one = caseOf(sim, agent);
  const contribution = contributionOf(one, findStanding(one));
  sim.tally.move(agent.contribution, contribution);
  agent.contribution = contribution;
}

function leave(sim: SimFleet, agent: SimAgent): void {
  sim.tally.move(agent.contribution, undefined);
  agent.contribution = undefined;
}

export function forget(sim: SimFleet, agent: SimAgent): void {
  leave(sim, agent);
  sim.agents.splice(sim.agents.indexOf(agent), 1);
}

/** The rollout's state has changed: everybody is looked at again, which the server does after others had their turn. */
export function recountAll(sim: SimFleet): void {
  for (const agent of sim.agents) if (agent.known) recount(sim, agent);
  sim.counted = sim.state.version;
}

export function serveAll(sim: SimFleet): void {
  for (const agent of sim.agents) serve(sim, agent);
}

/** What was counted; undefined while some agents are still counted under an earlier state. */
export function totals(sim: SimFleet): UnitCounters | undefined {
  return sim.counted === sim.state.version ? sim.tally.counters(sim.counted) : undefined;
}

/** Moves the rollout by at most one step. */
export function lead(sim: SimFleet): ReturnType<typeof advance> {
  const outcome = advance(sim.state, totals(sim), sim.policy, sim.now, sim.inputs);
  sim.state = outcome.state;
  return outcome;
}
