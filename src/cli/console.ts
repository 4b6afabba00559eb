/** What a command may touch of the world: streams, environment, folder. Injected, so that commands can be tested. */
export interface Console {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly directory: string;
  /** Whether standard output is a terminal: only then there is colour. */
  readonly outIsTerminal: boolean;
  readonly errIsTerminal: boolean;
  /** Aborts when the process is asked to end. A command that never reads it is ended at once, as programs are. */
  readonly signal: AbortSignal;
  /** Sets the exit status: 1 problems found or not converged, 2 wrong usage or environment. */
  readonly exit: (code: 0 | 1 | 2) => void;
}

/** The process's own console. */
export function createProcessConsole(): Console {
  let signal: AbortSignal | undefined;
  // Whoever reads our output has gone (`muster … | head`): one-shot commands end, a service goes on.
  process.stdout.on('error', () => {
    if (!signal) process.exit();
  });
  return {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    environment: process.env,
    directory: process.cwd(),
    outIsTerminal: process.stdout.isTTY === true && process.env.NO_COLOR === undefined,
    errIsTerminal: process.stderr.isTTY === true,
    get signal() {
      signal ??= createEndSignal();
      return signal;
    },
    exit: (code) => {
      process.exitCode = code;
    },
  };
}

/** Aborts on SIGINT and SIGTERM; a second one ends the process at once. */
function createEndSignal(): AbortSignal {
  const abort = new AbortController();
  const onSignal = () => {
    if (abort.signal.aborted) process.exit(130);
    abort.abort();
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  return abort.signal;
}
