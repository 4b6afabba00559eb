import { reportAgent } from '../compose-report.ts';
import type { CustomCapability } from './custom-capability.ts';

/**
 * `dev.muster.standing/1`: an agent that sends `ask` is told in JSON how Muster sees it (its line of the fleet report, and
 * why its config is held), so that whoever is on the host need not ask somebody else.
 */
export const standingCapability: CustomCapability = {
  name: 'dev.muster.standing/1',
  answer(world, { uid }, { capability, type }) {
    const entry = world.registry.get(uid);
    if (type !== 'ask' || !entry) return undefined;
    const told = { ...reportAgent(world, entry), reason: entry.facts.reason ?? null };
    return { capability, type: 'standing', data: new TextEncoder().encode(JSON.stringify(told)) };
  },
};
