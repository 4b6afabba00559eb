export type { SimulatedAgentOptions } from './agent-options.ts';
export { type Behaviour, behaviours } from './behaviour.ts';
export { type Churn, type ChurnOptions, createChurn } from './churn.ts';
export { type FleetPlan, planAgents } from './fleet-plan.ts';
export { inventUid } from './invent-uid.ts';
export type { LatencySummary } from './latencies.ts';
export * from './simulated-agent.ts';
export * from './simulated-fleet.ts';
export { createTally, type Tally, type TallyCounts } from './tally.ts';
