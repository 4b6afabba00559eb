import { type Command, Option } from 'commander';
import { createApiClient, type ServerOptions, serverOption } from './api-client.ts';
import type { Console } from './console.ts';
import type { OutputFormat } from './format-result.ts';
import { usageError } from './usage-error.ts';

export interface OutputOptions extends ServerOptions {
  readonly output: OutputFormat;
}

export interface WatchOptions extends OutputOptions {
  readonly watch?: true;
}

export interface ActOptions extends ServerOptions {
  readonly reason: string;
}

/** `-o`: a table for people, or JSON or YAML; `formats` where there are fewer, the first unless told. */
export function outputOption(formats: readonly OutputFormat[] = ['text', 'json', 'yaml']): Option {
  return new Option('-o, --output <format>', 'how it is told').choices(formats).default(formats[0]);
}

/** `-w`: a table that goes on. */
export function watchOption(): Option {
  return new Option('-w, --watch', 'go on showing what changes, until it is interrupted');
}

/** Throws a usage error where a watched table is asked for in another form. */
export function checkWatch({ watch, output }: WatchOptions): boolean {
  if (watch && output !== 'text') throw usageError(`--watch tells text; leave --output ${output} out`);
  return watch === true;
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
