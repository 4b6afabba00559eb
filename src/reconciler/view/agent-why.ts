import { explainAssignment } from '../../desired-state/index.ts';
import type { RosterEntry } from '../../fleet/index.ts';
import type { AgentWhy, Requirement } from '../../model/index.ts';
import { formatRequirement } from '../../selectors/index.ts';
import type { World } from '../world.ts';

/** Why an agent gets what it gets, at `now`; undefined while nothing is in force for its tenant. */
export function explainAgent(world: World, { agent, facts }: RosterEntry, now: number): AgentWhy | undefined {
  const inForce = world.inForce.get(agent.tenant);
  if (!inForce) return undefined;
  const { configs } = explainAssignment(inForce.snapshot, agent.labels, now);
  return {
    tenant: agent.tenant,
    credential: agent.credential,
    outcome: facts.reason ?? facts.delivery,
    configs: configs.map(({ failing, overlays, ...config }) => ({
      ...config,
      failing: textOf(failing),
      overlays: overlays.map((overlay) => ({
        overlay: overlay.overlay,
        applies: overlay.applies,
        failing: overlay.expired ? 'it has expired' : textOf(overlay.failing),
      })),
    })),
  };
}

function textOf(requirement: Requirement | undefined): string | null {
  return requirement ? formatRequirement(requirement) : null;
}
