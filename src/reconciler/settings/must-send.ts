import { type AgentState, agentCapability, type SettingsOffered } from '../../model/index.ts';

/** How an agent stands towards something that is offered to it beside its config. */
export interface SettingsStanding {
  /** Hash that the agent says it took up last, in whichever state; undefined where it does not report any. */
  readonly reported: string | undefined;
  readonly offered: SettingsOffered | undefined;
}

/** An offer that was lost goes out again after a minute, then after twice as long each time, at last every hour. */
const firstRetryMs = 60_000;
const longestRetryMs = 3_600_000;

/**
 * Whether an offer with this hash goes out now (C-CS-6, C-RC-3 for settings): never one that the agent names, in
 * whichever state.
 */
export function mustSend(hash: string, standing: SettingsStanding, agent: AgentState, now: number): boolean {
  const { reported, offered } = standing;
  if (reported === hash) return false;
  return offered?.hash !== hash || isRetryDue(standing, agent, now);
}

/**
 * Whether what was offered last may go out again: to an agent that reports what it has, after a while that doubles, as one
 * that reconnects for every offer would else never rest; to one that does not report, on a new connection, and never what
 * makes it reconnect.
 */
export function isRetryDue(
  { reported, offered }: SettingsStanding,
  { connection }: AgentState,
  now: number,
): boolean {
  if (!offered || reported === offered.hash) return false;
  const { at, times = 1, reconnects } = offered;
  const waited = now - at;
  if (reported !== undefined) return waited >= Math.min(longestRetryMs, firstRetryMs * 2 ** (times - 1));
  return reconnects !== true && connection !== offered.connection && waited >= firstRetryMs;
}

/** What an agent's connection settings status says. */
export function connectionStanding(agent: AgentState): SettingsStanding {
  const reports = (agent.capabilities & agentCapability.reportsConnectionSettingsStatus) !== 0;
  return {
    reported: reports ? (agent.connectionSettingsStatus?.hash ?? '') : undefined,
    offered: agent.connectionOffered,
  };
}
