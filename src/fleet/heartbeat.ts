import type { AgentReport, AgentState } from '../model/index.ts';

/** Whether a report says nothing but "still here", in order and on the same connection. */
export function isHeartbeat(agent: AgentState, report: AgentReport, connection: string): boolean {
  return (
    report.sequence === agent.sequence + 1 &&
    agent.described &&
    agent.connected &&
    agent.connection === connection &&
    (report.capabilities === 0 || report.capabilities === agent.capabilities) &&
    !report.description &&
    !report.health &&
    !report.effectiveConfig &&
    !report.remoteConfigStatus &&
    !report.connectionSettingsStatus &&
    !report.packageStatuses &&
    !report.customCapabilities &&
    report.availableComponentsHash === undefined &&
    !report.certificateRequest &&
    !report.customMessage &&
    !report.disconnect &&
    !report.requestsUid
  );
}

/** Records a heartbeat in place: the one mutation of an agent's state, so that a steady fleet allocates next to nothing. */
export function recordHeartbeat(agent: AgentState, report: AgentReport, now: number): void {
  const hot = agent as { sequence: number; lastSeenAt: number };
  hot.sequence = report.sequence;
  hot.lastSeenAt = now;
}
