export { type Console, createProcessConsole } from './console.ts';
export { runCli } from './run-cli.ts';
