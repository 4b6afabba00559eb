import type { AgentState, FleetEvent, PackageStatus } from '../../model/index.ts';

/**
 * The events that an agent's newest statuses of connection settings and packages are worth: what it could not take.
 * In our words; the agent's own are on its page.
 */
export function noteStatuses(
  before: AgentState | undefined,
  agent: AgentState,
  now: number,
): readonly FleetEvent[] {
  const { tenant, uid } = agent;
  const note = (kind: string, message: string): FleetEvent => ({ at: now, kind, tenant, uid, message });
  const packages = newlyFailed(before, agent);
  const names = packages.slice(0, maxNamed).map(({ name, offeredVersion }) => `${name} ${offeredVersion}`);
  return [
    ...(packages.length > 0 ? [note('package-failed', `not installed: ${names.join(', ')}`)] : []),
    ...(connectionFailed(before, agent)
      ? [
          note(
            'connection-failed',
            'the connection settings on offer were not taken; the agent keeps its own',
          ),
        ]
      : []),
  ];
}

const maxNamed = 5;

function newlyFailed(before: AgentState | undefined, agent: AgentState): readonly PackageStatus[] {
  const [known, statuses] = [before?.packageStatuses, agent.packageStatuses];
  if (!statuses || statuses === known) return [];
  return [...statuses.packages.values()].filter(({ name, state, offeredHash }) => {
    const was = known?.packages.get(name);
    return state === 'install-failed' && (was?.state !== state || was.offeredHash !== offeredHash);
  });
}

function connectionFailed(before: AgentState | undefined, agent: AgentState): boolean {
  const [known, status] = [before?.connectionSettingsStatus, agent.connectionSettingsStatus];
  return status?.state === 'failed' && (known?.state !== 'failed' || known.hash !== status.hash);
}
