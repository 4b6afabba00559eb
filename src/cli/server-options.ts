import { type Command, Option } from 'commander';
import { createApiClient, type ServerOptions, serverOption } from './api-client.ts';
import type { Console } from './console.ts';

export interface OutputOptions extends ServerOptions {
  readonly output: 'text' | 'json';
}

export interface ActOptions extends ServerOptions {
  readonly reason: string;
}

/** `-o`: a table for people, or JSON. */
export function outputOption(): Option {
  return new Option('-o, --output <format>', 'how it is told').choices(['text', 'json']).default('text');
}

/** The command with `--server`. */
export function withServer(command: Command): Command {
  return command.addOption(serverOption());
}

/** The command with `--server`, and a reason that must be given. */
export function withReason(command: Command): Command {
  return withServer(command).requiredOption('--reason <text>', 'why; kept in the event history');
}

/** Asks the server for an operator's act; throws what `createApiClient` throws. */
export function sendAct<Body>(
  path: string,
  options: ActOptions,
  console: Console,
  extra: Readonly<Record<string, string>> = {},
): Promise<Body> {
  return createApiClient(options, console).post<Body>(path, { reason: options.reason, ...extra });
}
