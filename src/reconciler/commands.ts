import type { FleetEvent } from '../model/index.ts';
import { type AgentState, type InstanceUid, MusterError } from '../model/index.ts';
import type { Clock } from '../runtime/index.ts';
import type { Act } from './act.ts';
import type { Memory, OfferSink } from './ports.ts';
import { createRolloutCommands, type RolloutCommands } from './rollouts/rollout-commands.ts';
import type { UnitName } from './rollouts/unit-id.ts';
import type { Approval, World } from './world.ts';

/** What an operator may do without a commit. Each throws `NOT_FOUND` where there is nothing to act on. */
export interface ReconcilerCommands {
  /** Lets go the guard that holds a revision (full sha or a unique prefix of 7 or more digits); returns the tenants. */
  approve(sha: string, act: Act): readonly string[];
  /** Offers an agent its target again, packages that failed too, although it failed or did not answer. */
  retry(uid: InstanceUid, act: Act): void;
  /** Commands an agent to restart; throws `AGENT_NOT_CONNECTED` or `AGENT_CANNOT` where it cannot be told to. */
  restart(uid: InstanceUid, act: Act): void;
  /** Withholds offers until `startOffers`, for a day at most; agents that run none of ours still get proven bytes. */
  stopOffers(act: Act): void;
  startOffers(act: Act): void;
  readonly rollouts: RolloutCommands;
}

export interface CommandDeps {
  readonly world: World;
  readonly clock: Clock;
  readonly memory: Memory;
  readonly sink: Pick<OfferSink, 'restart'>;
  readonly onEvent: (event: FleetEvent) => void;
  readonly request: (reason: string) => void;
}

const stopKey = 'stop';
const maxApprovals = 200;
/** An emergency stop ends by itself, so that it is not forgotten. */
const stopLastsMs = 24 * 3_600_000;

/** The operator's acts on a world; each is remembered, and asks for a pass. */
export function createCommands(deps: CommandDeps): ReconcilerCommands {
  const { world, clock, memory, sink, onEvent, request } = deps;
  const note = (kind: string, act: Act, message: string, extra: Partial<FleetEvent> = {}) =>
    onEvent({ at: clock.now(), kind, actor: act.actor, message: `${message}: ${act.reason}`, ...extra });
  return {
    rollouts: createRolloutCommands({
      ...{ world, memory, onEvent, request },
      now: () => clock.now(),
      reopen: (unit) => reopenFor(world, unit),
    }),
    approve(sha, act) {
      const held = [...world.held].filter(([, revision]) => sha.length >= 7 && revision.sha.startsWith(sha));
      if (held.length === 0)
        throw notFound(`no guard holds ${sha}`, 'Give the sha that the commit status names.');
      for (const [tenant, revision] of held) {
        const approval: Approval = { sha: revision.sha, tenant, uids: revision.losing };
        world.approvals.push(approval);
        if (world.approvals.length > maxApprovals) forgetApproval(world, memory);
        memory.putFact(`approval/${revision.sha}/${tenant}`, approval);
        note('approved', act, 'guard let go', { tenant, sha: revision.sha });
        world.reopened.push({ sha: revision.sha, tenant });
      }
      request('approval');
      return held.map(([tenant]) => tenant);
    },
    retry(uid, act) {
      const entry = world.registry.get(uid);
      if (!entry) throw notFound(`no agent ${uid}`, 'List agents with `muster agents list`.');
      const { offered: _, remoteConfigStatus: __, effective: ___, ...known } = entry.agent;
      const { packages } = entry;
      const failedPackages = packages?.delivery === 'failed' ? { packageProgress: { failedHashes: [] } } : {};
      const forgiven: AgentState = { ...known, failedHashes: [], ...failedPackages };
      world.registry.put({ ...entry, agent: forgiven });
      world.nudged.add(uid);
      memory.putAgent(forgiven);
      note('retry', act, 'offered again', { tenant: forgiven.tenant, uid });
      const { tenant } = forgiven;
      if (entry.facts.config !== undefined)
        reopenFor(world, { kind: 'config', tenant, name: entry.facts.config });
      if (packages?.delivery === 'failed') reopenFor(world, { kind: 'package', tenant, name: packages.name });
      request('retry');
    },
    restart(uid, act) {
      const entry = world.registry.get(uid);
      if (!entry) throw notFound(`no agent ${uid}`, 'List agents with `muster agents list`.');
      const outcome = sink.restart(uid);
      if (outcome === 'not-connected') throw notConnected(uid);
      if (outcome === 'refused') throw cannotRestart(uid);
      const message = outcome === 'sent' ? 'told to restart' : 'told to restart with its next poll';
      note('restart', act, message, { tenant: entry.agent.tenant, uid });
    },
    stopOffers(act) {
      world.stopped = { reason: act.reason, until: clock.now() + stopLastsMs };
      memory.putFact(stopKey, world.stopped);
      note('stopped', act, 'all offers stopped');
      nudgeAll(world);
      request('stop');
    },
    startOffers(act) {
      world.stopped = undefined;
      memory.deleteFact(stopKey);
      note('started', act, 'offers go on');
      nudgeAll(world);
      request('start');
    },
  };
}

function forgetApproval(world: World, memory: Memory): void {
  const oldest = world.approvals.shift();
  if (oldest) memory.deleteFact(`approval/${oldest.sha}/${oldest.tenant}`);
}

/** Asks to decide for every agent again. */
export function nudgeAll(world: World): void {
  for (const { agent } of world.registry.entries()) world.nudged.add(agent.uid);
}

/** The newest commit that agents of this rollout are judged under gets another verdict; the pass that decides anew reopens it. */
function reopenFor(world: World, { kind, tenant, name }: UnitName): void {
  for (const revision of [...world.tracked.values()].reverse()) {
    const tracked = revision.tenants.get(tenant);
    if (!tracked || tracked.supersededBy !== undefined) continue;
    const changed = kind === 'config' ? tracked.configs : (tracked.packages ?? []);
    if (!changed.includes(name)) continue;
    world.reopened.push({ sha: revision.sha, tenant });
    return;
  }
}

function notConnected(uid: InstanceUid): MusterError {
  return new MusterError('AGENT_NOT_CONNECTED', `agent ${uid} is not connected`, {
    disposition: 'stalled',
    hint: 'Try again when it is back.',
  });
}

function cannotRestart(uid: InstanceUid): MusterError {
  return new MusterError('AGENT_CANNOT', `agent ${uid} does not take a command to restart`, {
    disposition: 'stalled',
    hint: 'Turn on accepts_restart_command in the supervisor, or restart it on its host.',
  });
}

function notFound(message: string, hint: string): MusterError {
  return new MusterError('NOT_FOUND', message, { disposition: 'stalled', hint });
}
