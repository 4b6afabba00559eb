import type { AgentState, InstanceUid } from '../../model/index.ts';
import { nudgeAll } from '../commands.ts';
import { isMissing } from '../compute-facts.ts';
import { decideAgent } from '../decide-agent.ts';
import type { Step } from '../loop.ts';
import type { Pass } from '../pass.ts';

/**
 * What only time decides: silent HTTP agents, overdue answers, health that stays bad, agents to forget. A stalled
 * event loop or a clock that jumps expires nobody: liveness counts anew from then.
 */
export function createSweepStep(): Step<Pass> {
  const last = { wall: Number.NaN, monotonic: Number.NaN, sparedUntil: Number.NEGATIVE_INFINITY };
  return {
    name: 'sweep',
    async run(pass) {
      if (!pass.reasons.includes('tick')) return;
      const { clock } = pass.deps;
      const now = clock.now();
      const monotonic = clock.monotonic();
      if (jumped(last, now, monotonic)) last.sparedUntil = monotonic + pass.options.livenessMs;
      last.wall = now;
      last.monotonic = monotonic;
      endStop(pass, now);
      if (pass.deps.world.lapse.takeEnded()) nudgeAll(pass.deps.world);
      for (const uid of pass.deps.world.frozen.thaw(now)) pass.deps.world.nudged.add(uid);
      pass.deps.settings.tick(now);
      await sweepRoster(pass, now, monotonic < last.sparedUntil);
      for (const { agent } of pass.deps.world.registry.inFlight()) pass.touched.add(agent.uid);
    },
  };
}

function endStop(pass: Pass, now: number): void {
  const { world, memory, onEvent } = pass.deps;
  if (!world.stopped || now < world.stopped.until) return;
  world.stopped = undefined;
  memory.deleteFact('stop');
  nudgeAll(world);
  onEvent({ at: now, kind: 'started', message: 'the emergency stop has ended by itself after a day' });
}

const stallMs = 20_000;

function jumped(
  last: { readonly wall: number; readonly monotonic: number },
  now: number,
  monotonic: number,
): boolean {
  if (Number.isNaN(last.wall)) return false;
  const elapsed = monotonic - last.monotonic;
  return elapsed > stallMs || Math.abs(now - last.wall - elapsed) > stallMs;
}

async function sweepRoster(pass: Pass, now: number, spared: boolean): Promise<void> {
  const { world, memory, onEvent } = pass.deps;
  const { livenessMs } = pass.options;
  const forgotten: InstanceUid[] = [];
  let seen = 0;
  for (const { agent: listed } of [...world.registry.aging()]) {
    if (++seen % pass.options.sliceSize === 0) await pass.deps.breathe();
    const entry = world.registry.get(listed.uid);
    if (!entry) continue;
    const { agent } = entry;
    if (isForgettable(agent, pass, now)) {
      forgotten.push(agent.uid);
      continue;
    }
    const silent = agent.connected && agent.transport === 'http' && now - agent.lastSeenAt >= livenessMs;
    if (silent && !spared) {
      const gone = { ...agent, connected: false, disconnectedAt: now };
      world.registry.put(decideAgent(world, gone, entry.assignment, pass.options, now).entry);
      memory.putAgent(gone);
    } else if (entry.facts.health !== 'Missing' && isMissing(agent, livenessMs, now)) {
      world.registry.put(decideAgent(world, agent, entry.assignment, pass.options, now).entry);
    }
  }
  for (const uid of forgotten) {
    // It may have come back while this sweep let others have their turn.
    const entry = world.registry.get(uid);
    if (!entry || !isForgettable(entry.agent, pass, now)) continue;
    world.registry.remove(uid);
    world.frozen.forget(uid);
    world.repliesDue.delete(uid);
    pass.deps.settings.certificates.forget(entry.agent);
    memory.removeAgent(uid);
  }
  pass.forgotten = forgotten.length;
  if (forgotten.length > 0)
    onEvent({ at: now, kind: 'forgotten', message: `${forgotten.length} agents left the roster` });
}

function isForgettable(agent: AgentState, pass: Pass, now: number): boolean {
  if (agent.connected) return false;
  const silentFor = now - (agent.disconnectedAt ?? agent.lastSeenAt);
  return silentFor >= (agent.saidGoodbye ? pass.options.forgetGoodbyeMs : pass.options.forgetSilentMs);
}
