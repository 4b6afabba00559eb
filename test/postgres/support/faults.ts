import { renameSync } from 'node:fs';
import { eventually } from '../../support/eventually.ts';
import type { HostFault } from '../../support/git-host-server.ts';
import type { PostgresCluster } from './postgres-cluster.ts';
import type { Replica, ReplicaFleet } from './replica-fleet.ts';
import type { StoreLink } from './store-links.ts';

/** What a fault strikes, and how hard. */
export interface Scene {
  readonly fleet: ReplicaFleet;
  readonly cluster: PostgresCluster;
  /** The way of each replica to PostgreSQL. */
  readonly links: readonly StoreLink[];
  readonly leader: Replica;
  /** In [0, 1). */
  readonly random: () => number;
  /** No fault lasts longer by itself. */
  readonly longestMs: number;
  /** What the last copy of the database knew of, and what a restored one has therefore forgotten. */
  readonly copy: {
    commits: number;
    readonly forgotten: Set<string>;
    /** Commits of which a restored copy knew, and what it knew may have been older than what was said. */
    readonly takenBack: Set<string>;
  };
}

/** Something that goes wrong, and is put right again before it resolves: with a text where there is more to say. */
export type Fault = (scene: Scene) => Promise<unknown>;

/** Every fault by its name. None needs anybody to do anything but to put right what went wrong. */
export const faults: Readonly<Record<string, Fault>> = {
  async 'the leader dies'({ fleet, leader }) {
    const began = Date.now();
    await leader.process().end('SIGKILL');
    await fleet.leaderBeside(leader);
    leader.start();
    return `another led after ${secondsSince(began)} s`;
  },
  async 'the leader dies and is started at once'({ leader }) {
    await leader.process().end('SIGKILL');
    leader.start();
  },
  async 'a follower dies'({ fleet, leader, random }) {
    const follower = pick(followers(fleet, leader), random);
    await follower?.process().end('SIGKILL');
    follower?.start();
  },
  async 'two die at once'({ fleet, leader, random, longestMs }) {
    const doomed = random() < 0.5 ? [leader, ...followers(fleet, leader)] : followers(fleet, leader);
    const two = doomed.slice(0, 2);
    await Promise.all(two.map((replica) => replica.process().end('SIGKILL')));
    await pause(longestMs * random());
    for (const replica of two) replica.start();
  },
  async 'the leader hangs'({ leader, random, longestMs }) {
    leader.process().child.kill('SIGSTOP');
    await pause(longestMs * random());
    leader.process().child.kill('SIGCONT');
  },
  async 'all replicas are restarted in turn'({ fleet }) {
    for (const replica of fleet.replicas) {
      await replica.process().end('SIGTERM');
      replica.start();
      await eventually(() => replica.isReady(), 90_000, 100);
    }
  },
  async 'PostgreSQL restarts'({ cluster, fleet, copy }) {
    cluster.stop();
    cluster.keepCopy();
    // The newest may be in it or not.
    copy.commits = fleet.commits.length - 1;
    cluster.start();
  },
  async 'PostgreSQL is stopped'({ cluster, random, longestMs }) {
    cluster.stop();
    await pause(longestMs * random());
    cluster.start();
  },
  async 'PostgreSQL hangs'({ cluster, random, longestMs }) {
    cluster.freeze();
    await pause(longestMs * random());
    cluster.thaw();
  },
  async 'PostgreSQL is restored from a copy'({ cluster, fleet, copy }) {
    cluster.stop();
    const isOlder = cluster.restoreCopy();
    for (const [index, sha] of isOlder ? fleet.commits.entries() : []) {
      if (index <= copy.commits) copy.takenBack.add(sha);
      if (index >= copy.commits) copy.forgotten.add(sha);
    }
    cluster.start();
    return isOlder ? 'of its last restart' : 'there was none yet';
  },
  async 'the leader is cut off from PostgreSQL'(scene) {
    await cutFromStore(scene, scene.leader);
  },
  async 'a follower is cut off from PostgreSQL'(scene) {
    await cutFromStore(scene, pick(followers(scene.fleet, scene.leader), scene.random));
  },
  async 'the others lose the leader'({ leader, random, longestMs }) {
    leader.wire.cut();
    await pause(longestMs * random());
    leader.wire.mend();
  },
  async 'the Git host fails for the whole rollout'({ fleet, random, longestMs }) {
    const kinds = Object.keys(hostFaults);
    const kind = pick(kinds, random) ?? '';
    fleet.github.server.setFaults(() => hostFaults[kind]);
    const newest = fleet.commits.at(-1);
    await eventually(async () => (await fleet.status(newest ?? '')) === 'success', longestMs, 200).catch(
      () => {},
    );
    fleet.github.server.setFaults(undefined);
    return kind;
  },
  async 'the Git remote is gone'({ fleet, random, longestMs }) {
    renameSync(fleet.repoDir, `${fleet.repoDir}-away`);
    await pause(longestMs * random());
    renameSync(`${fleet.repoDir}-away`, fleet.repoDir);
  },
  async 'all agents connect again at once'({ fleet }) {
    for (const agent of fleet.agents) agent.drop();
    await eventually(() => fleet.agents.every((agent) => agent.state().connected), 120_000, 100);
  },
};

/** Nobody who holds agents' sockets is gone, so that no agent has to connect again. */
export const keepsConnections: ReadonlySet<string> = new Set([
  'PostgreSQL restarts',
  'PostgreSQL is stopped',
  'PostgreSQL hangs',
  'the leader is cut off from PostgreSQL',
  'a follower is cut off from PostgreSQL',
  'the Git host fails for the whole rollout',
  'the Git remote is gone',
]);

const hostFaults: Readonly<Record<string, HostFault>> = {
  'answers 503': { kind: 'reply', reply: { status: 503, body: { message: 'down' } } },
  'answers nothing': { kind: 'hang' },
  'breaks connections': { kind: 'reset' },
  'loses its answers': { kind: 'lose-answer' },
};

async function cutFromStore(
  { fleet, links, random, longestMs }: Scene,
  replica: Replica | undefined,
): Promise<void> {
  const link = replica && links[fleet.replicas.indexOf(replica)];
  link?.cut();
  await pause(longestMs * random());
  link?.mend();
}

function followers({ replicas }: ReplicaFleet, leader: Replica): readonly Replica[] {
  return replicas.filter((replica) => replica !== leader);
}

function pick<T>(items: readonly T[], random: () => number): T | undefined {
  return items[Math.floor(random() * items.length)];
}

/** Resolves after so many milliseconds. */
export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** Since a moment as `Date.now` gives it, for people. */
export function secondsSince(began: number): string {
  return ((Date.now() - began) / 1_000).toFixed(1);
}
