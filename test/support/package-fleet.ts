import { agentCapability, type PackagesOffer } from '../../src/model/index.ts';
import { descriptionOf, healthOf, uidOf } from './agents.ts';
import { statusesOf } from './package-agent.ts';
import type { TestReconciler } from './test-reconciler.ts';

/** What an agent does with the packages that it is offered. */
export type PackageAnswer = 'install' | 'fail' | 'sicken' | 'ignore' | 'vanish' | 'leave';

/** One agent of the fleet, which takes packages and no configs. */
export interface PackageFleetAgent {
  readonly number: number;
  readonly transport: 'ws' | 'http';
  readonly capabilities: number;
  online: boolean;
  healthy: boolean;
  /** The last offer that it worked on, and how that ended. */
  done: { readonly offer: PackagesOffer; readonly state: 'installed' | 'install-failed' } | undefined;
  taking: PackagesOffer | undefined;
  sequence: number;
  connections: number;
}

export interface PackageFleetOptions {
  readonly count: number;
  readonly transport?: (number: number) => 'ws' | 'http';
  readonly capabilities?: (number: number) => number;
  readonly arch?: (number: number) => string;
}

/** Agents that take packages as a reconciler's clock moves, second by second, and never by themselves. */
export interface PackageFleet {
  readonly agents: readonly PackageFleetAgent[];
  /** Lets time pass; every agent does with its offers what `answer` says of their version. */
  run(seconds: number, answer?: Answer): Promise<void>;
  runUntil(done: () => boolean, seconds: number, answer?: Answer): Promise<boolean>;
  /** The numbers of online agents that say they have this version installed. */
  having(version: string): readonly number[];
  /** The numbers of agents to which this version went out, in that order, once for each time. */
  offeredTo(version: string): readonly number[];
  /** Of online agents, those that are at work on an offer now. */
  installing(): number;
  rejoin(agent: PackageFleetAgent): void;
  /** Everyone loses its connection and comes back to another reconciler. */
  moveTo(test: TestReconciler): void;
}

type Answer = (version: string, agent: PackageFleetAgent) => PackageAnswer;

const { reportsStatus, reportsHealth, acceptsPackages, reportsPackageStatuses } = agentCapability;

/** Capabilities of an agent that takes packages and says what became of them. */
export const installerCapabilities = reportsStatus | reportsHealth | acceptsPackages | reportsPackageStatuses;

/** A fleet whose agents are connected and described, and have been offered whatever was ready for them. */
export function createPackageFleet(first: TestReconciler, options: PackageFleetOptions): PackageFleet {
  let test = first;
  let pushed = first.settings.length;
  let second = 0;
  const byNumber = new Map<number, PackageFleetAgent>();
  const offers: { readonly version: string; readonly number: number }[] = [];

  const take = (agent: PackageFleetAgent, offer: PackagesOffer) => {
    offers.push({ version: versionOf(offer), number: agent.number });
    agent.taking = offer;
  };
  const send = (agent: PackageFleetAgent, report: Partial<Parameters<TestReconciler['receive']>[0]> = {}) => {
    const { number, sequence, capabilities, transport } = agent;
    agent.sequence += 1;
    const id = transport === 'http' ? `http-${number}` : `${number}-${agent.connections}`;
    const reply = test.receive({ uid: uidOf(number), sequence, capabilities, ...report }, { id, transport });
    if (reply.packages) take(agent, reply.packages);
  };
  const statusOf = ({ done, capabilities }: PackageFleetAgent) =>
    done && (capabilities & reportsPackageStatuses) !== 0
      ? { packageStatuses: statusesOf(done.offer, done.state) }
      : {};
  const fullState = (agent: PackageFleetAgent) =>
    send(agent, {
      description: descriptionOf({
        'service.name': 'otelcol',
        'host.name': `h${agent.number}`,
        'os.type': 'linux',
        'host.arch': options.arch?.(agent.number) ?? 'amd64',
      }),
      health: healthOf(agent.healthy),
      ...statusOf(agent),
    });
  const leave = (agent: PackageFleetAgent, how: 'vanish' | 'leave') => {
    if (how === 'leave') send(agent, { disconnect: true });
    agent.online = false;
    const id = `${agent.number}-${agent.connections}`;
    if (agent.transport === 'ws') test.reconciler.disconnected([uidOf(agent.number)], { id });
  };
  const answerOne = (agent: PackageFleetAgent, answer: Answer) => {
    const offer = agent.taking;
    if (!offer) return;
    const word = answer(versionOf(offer), agent);
    if (word === 'ignore') return;
    agent.taking = undefined;
    if (word === 'vanish' || word === 'leave') return leave(agent, word);
    agent.done = { offer, state: word === 'fail' ? 'install-failed' : 'installed' };
    agent.healthy = word !== 'sicken';
    send(agent, { ...statusOf(agent), health: healthOf(agent.healthy) });
  };
  const collectPushes = () => {
    for (const { uid, packages } of test.settings.slice(pushed)) {
      const agent = byNumber.get(Number.parseInt(uid.slice(-12), 16));
      if (agent?.online && packages) take(agent, packages);
    }
    pushed = test.settings.length;
  };

  const fleet: PackageFleet = {
    get agents() {
      return [...byNumber.values()];
    },
    async run(seconds, answer = () => 'install') {
      for (let passed = 0; passed < seconds; passed += 1) {
        collectPushes();
        for (const agent of byNumber.values()) {
          if (agent.online) answerOne(agent, answer);
          if (agent.online && agent.transport === 'http' && (second + agent.number) % 10 === 0) send(agent);
        }
        second += 1;
        await test.pass(1_000);
      }
    },
    async runUntil(done, seconds, answer) {
      for (let passed = 0; passed < seconds && !done(); passed += 1) await fleet.run(1, answer);
      return done();
    },
    having: (version) =>
      [...byNumber.values()]
        .filter(
          ({ online, done }) => online && done?.state === 'installed' && versionOf(done.offer) === version,
        )
        .map(({ number }) => number),
    offeredTo: (version) => offers.filter((one) => one.version === version).map(({ number }) => number),
    installing() {
      collectPushes();
      return [...byNumber.values()].filter(({ online, taking }) => online && taking).length;
    },
    rejoin(agent) {
      agent.online = true;
      agent.connections += 1;
      agent.sequence = 0;
      fullState(agent);
    },
    moveTo(next) {
      test = next;
      pushed = next.settings.length;
      for (const agent of byNumber.values()) {
        agent.taking = undefined;
        if (agent.online) fleet.rejoin(agent);
      }
    },
  };
  for (let number = 1; number <= options.count; number += 1) {
    const agent: PackageFleetAgent = {
      number,
      transport: options.transport?.(number) ?? 'ws',
      capabilities: options.capabilities?.(number) ?? installerCapabilities,
      online: true,
      healthy: true,
      done: undefined,
      taking: undefined,
      sequence: 0,
      connections: 1,
    };
    byNumber.set(number, agent);
    fullState(agent);
  }
  return fleet;
}

function versionOf({ packages }: PackagesOffer): string {
  return packages.get('otelcol')?.version ?? '';
}
