export type { SimulatedAgentOptions } from './agent-options.ts';
export { type Behaviour, behaviours } from './behaviour.ts';
export * from './simulated-agent.ts';
export * from './simulated-fleet.ts';
