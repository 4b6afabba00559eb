import type { AgentState, InstanceUid, RenderedConfig } from '../../model/index.ts';
import { type DecidedAgent, decideAgent, enterOffered, withOffer } from '../decide-agent.ts';
import { withPackagesOffer } from '../decide-packages.ts';
import type { Step } from '../loop.ts';
import type { Pass } from '../pass.ts';
import type { OfferSink } from '../ports.ts';

/** Decides again for the agents that this pass touched, and pushes to those whose turn has come, in slices. */
export const offerStep: Step<Pass> = {
  name: 'offer',
  async run(pass) {
    const { world, settings, clock, breathe, memory } = pass.deps;
    let seen = 0;
    for (const uid of pass.touched) {
      if (++seen % pass.options.sliceSize === 0) await breathe();
      const entry = world.registry.get(uid);
      if (!entry) continue;
      const now = clock.now();
      const agent = settings.push(entry.agent, now);
      const decided = decideAgent(world, agent, entry.assignment, pass.options, now);
      const offered = pushOffers(pass, decided, now);
      if (offered === decided.entry.agent) {
        world.registry.put(decided.entry);
        continue;
      }
      world.registry.put(enterOffered(world, decided, offered, pass.options, now));
      memory.putAgent(offered);
    }
    finishCount(pass);
  },
};

/** Pushes what was decided to a connected agent; the agent with a record of what is on its way. */
function pushOffers({ deps }: Pass, { entry, decision, packages }: DecidedAgent, now: number): AgentState {
  const { world, sink, settings } = deps;
  const { agent } = entry;
  if (agent.transport === 'http') {
    if (decision.kind === 'offer' || packages.kind === 'offer') world.repliesDue.add(agent.uid);
    return agent;
  }
  const takesConfig = decision.kind === 'offer' && deliver(sink, agent.uid, decision.bytes);
  const offered = takesConfig ? withOffer(world, entry, decision, now) : agent;
  const takesPackages = packages.kind === 'offer' && settings.pushPackages(agent, packages.bytes);
  return takesPackages ? withPackagesOffer(world, offered, packages, now) : offered;
}

/** Everyone has been decided for: rollouts that waited for that can go on. */
function finishCount({ recounted, deps: { world, request } }: Pass): void {
  for (const [unit, version] of recounted) {
    unit.counted = version;
    world.rollouts.touch(unit.id);
  }
  if (recounted.size > 0) request('rollout');
}

/** Whether the offer is on its way, at once or when the socket drains. */
function deliver(sink: OfferSink, uid: InstanceUid, config: RenderedConfig): boolean {
  const delivered = sink.offer(uid, config);
  return delivered === 'sent' || delivered === 'queued';
}
