import { type Clock, faultName, type Logger, type Span, silentSpan } from '../runtime/index.ts';

/** One step of a pass; `always` steps run whatever happened before them. */
export interface Step<Context> {
  readonly name: string;
  readonly always?: boolean;
  run(context: Context, signal: AbortSignal): Promise<void> | void;
}

export interface Loop {
  /** Asks for another pass; requests made while one runs are one pass. */
  request(reason: string): void;
  /** Resolves when no pass runs and none is pending. */
  idle(): Promise<void>;
  stop(): Promise<void>;
}

export interface LoopDeps<Context> {
  readonly steps: readonly Step<Context>[];
  /** Makes the context of one pass from the reasons that asked for it. */
  readonly createContext: (reasons: readonly string[]) => Context;
  readonly clock: Clock;
  readonly logger: Logger;
  /** While it says no, what is asked for waits for the next request that finds it saying yes. */
  readonly mayRun: () => boolean;
  /** Lets others run between two passes. */
  readonly pause: () => Promise<void>;
  /** Called after each pass with its length in milliseconds and whether a step failed. */
  readonly onPass?: (milliseconds: number, failed: boolean) => void;
  /** Begins the span of a pass; its steps are spans below it. */
  readonly beginPass?: (reasons: readonly string[]) => Span;
}

const maxReasons = 64;

/** Runs the steps in order, level-triggered: one pass runs, at most one waits. A failing step skips to the `always` ones. */
export function createLoop<Context>(deps: LoopDeps<Context>): Loop {
  const reasons = new Set<string>();
  const abort = new AbortController();
  let running: Promise<void> | undefined;

  const drain = async () => {
    while (reasons.size > 0 && !abort.signal.aborted && deps.mayRun()) {
      const asked = [...reasons];
      reasons.clear();
      await runPass(deps, asked, abort.signal);
      await deps.pause();
    }
    running = undefined;
  };
  return {
    request(reason) {
      if (abort.signal.aborted) return;
      if (reasons.size < maxReasons) reasons.add(reason);
      running ??= Promise.resolve().then(drain);
    },
    async idle() {
      while (running) await running;
    },
    async stop() {
      abort.abort();
      await running;
    },
  };
}

async function runPass<Context>(
  deps: LoopDeps<Context>,
  reasons: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  const started = deps.clock.monotonic();
  const context = deps.createContext(reasons);
  const span = deps.beginPass?.(reasons) ?? silentSpan;
  let failure: unknown;
  for (const step of deps.steps) {
    if (failure !== undefined && !step.always) continue;
    const own = span.begin(step.name);
    try {
      await step.run(context, signal);
      own.end();
    } catch (error) {
      own.end(faultName(error));
      failure ??= error;
      deps.logger.error({ step: step.name, reasons, err: describeError(error) }, 'step of a pass failed');
    }
  }
  span.end(failure === undefined ? undefined : faultName(failure));
  deps.onPass?.(deps.clock.monotonic() - started, failure !== undefined);
}

function describeError(error: unknown): { message: string; code?: unknown; stack?: string | undefined } {
  if (!(error instanceof Error)) return { message: String(error) };
  return { message: error.message, code: (error as { code?: unknown }).code, stack: error.stack };
}
