export * from './apply-report.ts';
export { type AgentDraft, copyAgent } from './copy-agent.ts';
export * from './counters.ts';
export * from './facts.ts';
export * from './heartbeat.ts';
export * from './oscillation.ts';
export * from './registry.ts';
export { type PlacedAgent, placeKey } from './roster-order.ts';
export { type StateCounters, sumStates } from './state-counters.ts';
