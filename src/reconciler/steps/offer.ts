import type { InstanceUid, RenderedConfig } from '../../model/index.ts';
import { decideAgent, withOffer } from '../decide-agent.ts';
import type { Step } from '../loop.ts';
import type { Pass } from '../pass.ts';
import type { OfferSink } from '../ports.ts';

/** Decides again for the agents that this pass touched, and pushes to those whose turn has come, in slices. */
export const offerStep: Step<Pass> = {
  name: 'offer',
  async run(pass) {
    const { world, sink, settings, clock, breathe, memory } = pass.deps;
    let seen = 0;
    for (const uid of pass.touched) {
      if (++seen % pass.options.sliceSize === 0) await breathe();
      const entry = world.registry.get(uid);
      if (!entry) continue;
      const now = clock.now();
      const agent = settings.push(entry.agent, now);
      const { entry: decided, decision } = decideAgent(world, agent, entry.assignment, pass.options, now);
      const sent =
        decision.kind === 'offer' && agent.transport === 'ws' && deliver(sink, uid, decision.bytes);
      if (!sent) {
        world.registry.put(decided);
        continue;
      }
      const offered = withOffer(world, decided, decision, now);
      world.registry.put(decideAgent(world, offered, entry.assignment, pass.options, now).entry);
      memory.putAgent(offered);
    }
    finishCount(pass);
  },
};

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
