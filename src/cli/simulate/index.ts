export { checkOpenFiles, readOpenFileLimit } from './open-files.ts';
export { runSimulation } from './run-simulation.ts';
export { parseSimulation, type SimulateOptions } from './simulate-options.ts';
export { describeResult } from './simulation-result.ts';
