import type { Console } from '../../src/cli/console.ts';
import { runCli } from '../../src/cli/run-cli.ts';

/** What a command line said, and its exit status. */
export interface CliResult {
  readonly out: string;
  readonly err: string;
  readonly exit: number;
}

export interface CliOptions {
  readonly directory?: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly terminal?: boolean;
  readonly signal?: AbortSignal;
  /** Hears what goes to standard output as it comes. */
  readonly onOut?: (text: string) => void;
}

/** Runs one command line in this process. */
export async function runCommand(args: readonly string[], options: CliOptions = {}): Promise<CliResult> {
  const said = { out: '', err: '', exit: 0 };
  const console: Console = {
    out: (text) => {
      said.out += text;
      options.onOut?.(text);
    },
    err: (text) => {
      said.err += text;
    },
    environment: options.environment ?? {},
    directory: options.directory ?? '/nonexistent',
    outIsTerminal: options.terminal === true,
    errIsTerminal: options.terminal === true,
    signal: options.signal ?? new AbortController().signal,
    exit: (code) => {
      said.exit = code;
    },
  };
  await runCli(args, console);
  return said;
}
