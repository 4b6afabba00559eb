import type { ConfigHash, RenderedConfig } from '../../src/model/index.ts';
import type { ReportReply } from '../../src/reconciler/index.ts';
import { descriptionOf, fullCapabilities, healthOf, uidOf } from './agents.ts';
import type { TestReconciler } from './test-reconciler.ts';

/** What an agent does with a config that it is offered. */
export type Answer = 'apply' | 'refuse' | 'ignore' | 'sicken' | 'vanish' | 'leave';

/** One agent of the simulated fleet. Its number makes its uid. */
export interface FleetAgent {
  readonly number: number;
  readonly labels: Record<string, string>;
  readonly transport: 'ws' | 'http';
  readonly capabilities: number;
  online: boolean;
  healthy: boolean;
  /** The hash that it runs or refused, and how it says that it stands. */
  status: { hash: ConfigHash; state: 'applied' | 'failed' } | undefined;
  /** An offer that it has not answered. */
  taking: RenderedConfig | undefined;
  sequence: number;
  connections: number;
  /** What it said of itself in its last poll: only news is said again. */
  told: string;
}

export interface FleetOptions {
  readonly count: number;
  /** Default: no effective configs, which would only slow a story down. */
  readonly capabilities?: (number: number) => number;
  readonly labels?: (number: number) => Readonly<Record<string, string>>;
  readonly transport?: (number: number) => 'ws' | 'http';
  /** Seconds between two polls of an HTTP agent. */
  readonly pollSeconds?: number;
}

/** Agents that answer a reconciler as its clock moves, second by second, and never by themselves. */
export interface RolloutFleet {
  readonly agents: readonly FleetAgent[];
  /** Lets time pass; every agent does with its offers what `answer` says of their text. */
  run(seconds: number, answer?: (body: string, agent: FleetAgent) => Answer): Promise<void>;
  /** Runs until `done`, at most so long; tells whether it came to that. */
  runUntil(
    done: () => boolean,
    seconds: number,
    answer?: Parameters<RolloutFleet['run']>[1],
  ): Promise<boolean>;
  /** A new agent comes, without any config. */
  add(number: number, over?: Partial<Pick<FleetAgent, 'labels' | 'transport' | 'capabilities'>>): FleetAgent;
  /** Its connection closes, or it says goodbye. */
  drop(agent: FleetAgent, how?: 'silent' | 'goodbye'): void;
  /** It is back on a new connection with what it ran. */
  rejoin(agent: FleetAgent): void;
  relabel(agent: FleetAgent, labels: Readonly<Record<string, string>>): void;
  setHealth(agent: FleetAgent, healthy: boolean): void;
  /** Online agents that say they have applied a config with this `timeout: `. */
  running(marker: string): readonly FleetAgent[];
  /** Everyone loses its connection and comes back to another reconciler. */
  moveTo(test: TestReconciler): void;
  /** How often bytes with this `timeout: ` went out, by agent. */
  offersOf(marker: string): ReadonlyMap<number, number>;
}

/** A fleet whose agents are connected and described, and have been offered whatever was ready for them. */
export async function createRolloutFleet(
  first: TestReconciler,
  options: FleetOptions,
): Promise<RolloutFleet> {
  let test = first;
  let pushed = first.pushed.length;
  let second = 0;
  const byNumber = new Map<number, FleetAgent>();
  const bodies = new Map<string, string>();
  const offers = new Map<string, Map<number, number>>();
  const pollSeconds = options.pollSeconds ?? 30;

  const holds = (hash: string, marker: string) =>
    (bodies.get(hash) ?? '').split('\n').some((line) => line.trim() === `timeout: ${marker}`);
  const take = (agent: FleetAgent, config: RenderedConfig) => {
    bodies.set(config.hash, new TextDecoder().decode(config.files[0]?.body));
    const counts = offers.get(config.hash) ?? new Map<number, number>();
    offers.set(config.hash, counts.set(agent.number, (counts.get(agent.number) ?? 0) + 1));
    agent.taking = config;
  };
  const send = (agent: FleetAgent, report: Partial<Parameters<TestReconciler['receive']>[0]> = {}) => {
    const { number, sequence, capabilities, transport } = agent;
    agent.sequence += 1;
    const id = transport === 'http' ? `http-${number}` : `${number}-${agent.connections}`;
    const reply = test.receive({ uid: uidOf(number), sequence, capabilities, ...report }, { id, transport });
    if (reply.offer) take(agent, reply.offer);
    return reply;
  };
  const statusOf = ({ status }: FleetAgent) =>
    status
      ? { remoteConfigStatus: { ...status, errorMessage: status.state === 'failed' ? 'exit code 7' : '' } }
      : {};
  const fullState = (agent: FleetAgent): ReportReply =>
    send(agent, {
      description: descriptionOf(agent.labels),
      health: healthOf(agent.healthy, agent.healthy ? '' : 'exporter failed'),
      ...statusOf(agent),
    });
  const answerOne = (agent: FleetAgent, answer: NonNullable<Parameters<RolloutFleet['run']>[1]>) => {
    const config = agent.taking;
    if (!config) return;
    const word = answer(bodies.get(config.hash) ?? '', agent);
    if (word === 'ignore') return;
    agent.taking = undefined;
    if (word === 'vanish' || word === 'leave')
      return fleet.drop(agent, word === 'leave' ? 'goodbye' : 'silent');
    agent.status = { hash: config.hash, state: word === 'refuse' ? 'failed' : 'applied' };
    if (word !== 'refuse') agent.healthy = word === 'apply';
    if (agent.transport === 'ws')
      send(agent, { ...statusOf(agent), health: healthOf(agent.healthy, 'exporter failed') });
  };
  const poll = (agent: FleetAgent) => {
    if ((second + agent.number) % pollSeconds !== 0) return;
    const news = JSON.stringify([agent.status, agent.healthy]);
    send(agent, news === agent.told ? {} : { ...statusOf(agent), health: healthOf(agent.healthy) });
    agent.told = news;
  };
  const collectPushes = () => {
    for (const { uid, config } of test.pushed.slice(pushed)) {
      const agent = byNumber.get(Number.parseInt(uid.slice(-12), 16));
      if (agent?.online) take(agent, config);
    }
    pushed = test.pushed.length;
  };

  const fleet: RolloutFleet = {
    get agents() {
      return [...byNumber.values()];
    },
    async run(seconds, answer = () => 'apply') {
      for (let passed = 0; passed < seconds; passed += 1) {
        collectPushes();
        for (const agent of byNumber.values()) {
          if (!agent.online) continue;
          answerOne(agent, answer);
          if (agent.online && agent.transport === 'http') poll(agent);
        }
        second += 1;
        await test.pass(1_000);
      }
    },
    async runUntil(done, seconds, answer) {
      for (let passed = 0; passed < seconds && !done(); passed += 1) await fleet.run(1, answer);
      return done();
    },
    add(number, over = {}) {
      const agent: FleetAgent = {
        number,
        labels: { 'service.name': 'otelcol', 'host.name': `h${number}`, ...options.labels?.(number) },
        transport: options.transport?.(number) ?? 'ws',
        capabilities: options.capabilities?.(number) ?? fullCapabilities & ~0x4,
        ...over,
        online: true,
        healthy: true,
        status: undefined,
        taking: undefined,
        sequence: 0,
        connections: 1,
        told: '',
      };
      byNumber.set(number, agent);
      fullState(agent);
      return agent;
    },
    drop(agent, how = 'silent') {
      if (how === 'goodbye') send(agent, { disconnect: true });
      agent.online = false;
      agent.taking = undefined;
      const id = agent.transport === 'http' ? `http-${agent.number}` : `${agent.number}-${agent.connections}`;
      if (agent.transport === 'ws') test.reconciler.disconnected([uidOf(agent.number)], { id });
    },
    rejoin(agent) {
      agent.online = true;
      agent.connections += 1;
      fullState(agent);
    },
    relabel(agent, labels) {
      Object.assign(agent.labels, labels);
      fullState(agent);
    },
    setHealth(agent, healthy) {
      agent.healthy = healthy;
      if (agent.online) send(agent, { health: healthOf(healthy, 'exporter failed') });
    },
    running: (marker) =>
      [...byNumber.values()].filter(
        ({ online, status }) => online && status?.state === 'applied' && holds(status.hash, marker),
      ),
    moveTo(next) {
      test = next;
      pushed = next.pushed.length;
      for (const agent of byNumber.values()) {
        agent.taking = undefined;
        if (agent.online) fleet.rejoin(agent);
      }
    },
    offersOf(marker) {
      const found = [...offers].filter(([hash]) => holds(hash, marker));
      const sum = new Map<number, number>();
      for (const [, counts] of found)
        for (const [number, count] of counts) sum.set(number, (sum.get(number) ?? 0) + count);
      return sum;
    },
  };
  for (let number = 1; number <= options.count; number += 1) fleet.add(number);
  await test.reconciler.idle();
  return fleet;
}
