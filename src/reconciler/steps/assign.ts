import type { Assignment, InstanceUid, TenantSnapshot } from '../../model/index.ts';
import { configOf } from '../compute-facts.ts';
import { assignAgent, decideAgent } from '../decide-agent.ts';
import type { Step } from '../loop.ts';
import type { Pass } from '../pass.ts';
import { relabelAgent } from '../relabel-agent.ts';
import { dismissUnits, forgetAbsent, syncUnits } from '../rollouts/sync-units.ts';
import { unitId } from '../rollouts/unit-id.ts';
import { withTenant } from '../tracked-revision.ts';
import { putInForce, type World } from '../world.ts';
import { progressKey, recount, rolloutKey } from './rollouts.ts';

/** Matches the agents of replaced tenants anew, in slices; removed tenants' connections are closed, their agents kept as history. */
export const assignStep: Step<Pass> = {
  name: 'assign',
  async run(pass) {
    const { world, sink, memory, clock, breathe } = pass.deps;
    let seen = 0;
    noteExpiredOverlays(pass);
    for (const uid of world.nudged) pass.touched.add(uid);
    world.nudged.clear();
    reopenVerdicts(world);
    for (const [tenant, { before, after }] of pass.replaced) {
      if (after) beginRollouts(pass, after, new Set());
      else dismissUnits(world, tenant);
      const closing: InstanceUid[] = [];
      const gains = new Set<string>();
      const moved = { configs: new Set<string>(), packages: new Set<string>() };
      for (const { agent } of [...world.registry.ofTenant(tenant)]) {
        if (++seen % pass.options.sliceSize === 0) await breathe();
        const current = world.registry.get(agent.uid);
        if (!current) continue;
        world.frozen.forget(agent.uid);
        const relabelled = relabelAgent(current.agent, before, after);
        const assignment = assignAgent(world, relabelled, clock.now());
        const { entry: decided } = decideAgent(world, relabelled, assignment, pass.options, clock.now());
        world.registry.put(decided);
        if (assignment.kind === 'assigned' && assignment.config !== ownerOf(current.assignment)) {
          moved.configs.add(assignment.config);
          if (agent.connected) gains.add(unitId({ kind: 'config', tenant, name: assignment.config }));
        }
        const { packages } = decided;
        if (packages && packages.unit !== current.packages?.unit) {
          moved.packages.add(packages.name);
          if (agent.connected) gains.add(packages.unit);
        }
        if (assignment.kind === 'conflict' && current.assignment.kind !== 'conflict')
          moved.configs.add(assignment.configs[0] ?? '');
        pass.touched.add(agent.uid);
        if (!after) closing.push(agent.uid);
      }
      for (const id of forgetAbsent(world, tenant)) {
        world.progress.forget(id);
        for (const key of [rolloutKey(id), progressKey(id)]) memory.deleteFact(key);
      }
      if (before !== after) noteMoved(world, tenant, moved);
      if (before && after && before !== after && gains.size > 0) beginRollouts(pass, after, gains);
      if (closing.length > 0) sink.disconnect(closing, 'the tenant was removed');
    }
  },
};

/** Names of the AgentConfigs and Packages that agents came to. */
interface Moved {
  readonly configs: ReadonlySet<string>;
  readonly packages: ReadonlySet<string>;
}

/** The one AgentConfig that has the agent; of several that claim it, none has. */
function ownerOf(assignment: Assignment): string | undefined {
  return assignment.kind === 'conflict' ? undefined : configOf(assignment);
}

/** New targets begin; whoever they concern is decided for and counted anew. */
function beginRollouts(pass: Pass, after: TenantSnapshot, gains: ReadonlySet<string>): void {
  const { world, memory, clock } = pass.deps;
  for (const unit of syncUnits(world, after, gains, clock.now())) {
    memory.putFact(rolloutKey(unit.id), unit.state);
    recount(pass, unit);
  }
}

/** Agents that fall to another AgentConfig or Package, or into a conflict, are part of what the commit changed, even if that one did not change. */
function noteMoved(world: World, tenant: string, moved: Moved): void {
  const sha = world.head?.content.revision;
  const revision = sha && world.tracked.get(sha);
  if (!revision || moved.configs.size + moved.packages.size === 0) return;
  const known = revision.tenants.get(tenant);
  const configs = [...new Set([...(known?.configs ?? []), ...moved.configs])].sort();
  const packages = [...new Set([...(known?.packages ?? []), ...moved.packages])].sort();
  const change = { configs, ...(packages.length > 0 && { packages }) };
  world.tracked.set(revision.sha, withTenant(revision, tenant, change));
}

function reopenVerdicts(world: World): void {
  for (const { sha, tenant } of world.reopened) {
    const revision = world.tracked.get(sha);
    const known = revision?.tenants.get(tenant);
    if (!revision || !known) continue;
    world.tracked.set(sha, {
      ...withTenant(revision, tenant, { attempt: known.attempt + 1 }),
      published: false,
    });
  }
  world.reopened.length = 0;
}

/** An overlay that expires changes what its agents get, without a commit. */
function noteExpiredOverlays(pass: Pass): void {
  const { world, clock } = pass.deps;
  const now = clock.now();
  for (const [tenant, { snapshot, nextExpiry }] of world.inForce) {
    if (nextExpiry > now) continue;
    putInForce(world, snapshot, now);
    if (!pass.replaced.has(tenant)) pass.replaced.set(tenant, { before: snapshot, after: snapshot });
  }
}
