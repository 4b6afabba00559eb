import type { ConfigHash, RemoteConfigState } from '../model/index.ts';
import type { ReceivedConfig } from '../opamp-server/index.ts';
import type { Cancel, Clock } from '../runtime/index.ts';
import type { SimulatedAgentOptions } from './agent-options.ts';
import { decideOutcome, type Outcome, slowFactor } from './behaviour.ts';
import { createCollector } from './collector.ts';
import type { DeriveRunningConfig } from './running-config.ts';
import type { StatusReport } from './status-report.ts';
import type { ObserveAgent } from './tally.ts';

/** What the supervisor needs of the agent that it is part of. */
export interface SupervisorDeps {
  readonly clock: Clock;
  readonly report: StatusReport;
  readonly runningConfig: DeriveRunningConfig;
  readonly observe: ObserveAgent;
  /** The report changed outside of an answer to the server. */
  readonly onNews: () => void;
  readonly onSilence: () => void;
}

/** The part of an agent that takes offers and runs the collector. */
export interface Supervisor {
  /** Takes an offer, unless it has that hash already. */
  take(config: ReceivedConfig): void;
  restart(): void;
  state(): {
    readonly hash: ConfigHash | '';
    readonly status: RemoteConfigState;
    readonly healthy: boolean;
    readonly offers: number;
    readonly settled: boolean;
  };
  /** Forgets every timer. */
  stop(): void;
}

type Timer = 'apply' | 'flap' | 'restart';

const decoder = new TextDecoder();

function textOf({ files }: ReceivedConfig): string {
  return files.map(({ body }) => decoder.decode(body)).join('\n');
}

function createTimers(clock: Clock, onNews: () => void) {
  const timers = new Map<Timer, Cancel>();
  return {
    set(name: Timer, ms: number, callback: () => void): void {
      timers.get(name)?.();
      const fire = () => {
        // What it was for would be held as long as the agent lives.
        timers.delete(name);
        callback();
        onNews();
      };
      timers.set(name, clock.after(ms, fire));
    },
    cancel: (name: Timer) => timers.get(name)?.(),
    cancelAll() {
      for (const cancel of timers.values()) cancel();
    },
  };
}

/** A supervisor whose collector runs nothing yet; says APPLYING at once and APPLIED or FAILED after the delay. */
export function createSupervisor(options: SimulatedAgentOptions, deps: SupervisorDeps): Supervisor {
  const { report } = deps;
  const { behaviour = 'apply', applyDelayMs = 500, flapMs = 5_000 } = options;
  const collector = createCollector(deps.clock);
  const timers = createTimers(deps.clock, deps.onNews);
  let current: { hash: ConfigHash | ''; status: RemoteConfigState } = { hash: '', status: 'unset' };
  let offers = 0;

  function setStatus(hash: ConfigHash | '', status: RemoteConfigState, errorMessage = ''): void {
    current = { hash, status };
    report.set('remoteConfigStatus', { hash, state: status, errorMessage });
  }
  function reportCollector(): void {
    report.set('effectiveConfig', { files: collector.effectiveFiles() });
    report.set('health', collector.health());
  }
  function flap(): void {
    collector.flip();
    report.set('health', collector.health());
    timers.set('flap', flapMs, flap);
  }
  function finish(
    config: ReceivedConfig,
    outcome: Exclude<Outcome, { kind: 'silent' | 'unanswered' }>,
  ): void {
    if (outcome.kind === 'failed') {
      collector.crash(outcome.message);
      setStatus(config.hash, 'failed', outcome.message);
    } else {
      collector.run(deps.runningConfig(config, outcome.reports));
      setStatus(config.hash, 'applied');
      if (outcome.flaps) timers.set('flap', flapMs, flap);
    }
    reportCollector();
    deps.observe({ kind: 'answered', state: outcome.kind });
  }
  setStatus('', 'unset');
  reportCollector();
  return {
    take(config) {
      if (config.hash === current.hash) return;
      offers += 1;
      deps.observe({ kind: 'offered' });
      const outcome = decideOutcome(behaviour, options.refuse?.(textOf(config)));
      if (outcome.kind === 'silent') deps.onSilence();
      if (outcome.kind === 'silent' || outcome.kind === 'unanswered') return;
      timers.cancel('flap');
      setStatus(config.hash, 'applying');
      const delay = applyDelayMs * (behaviour === 'slow' ? slowFactor : 1);
      timers.set('apply', delay, () => finish(config, outcome));
    },
    restart() {
      collector.crash('restarting');
      report.set('health', collector.health());
      timers.set('restart', applyDelayMs, () => {
        collector.restart();
        reportCollector();
      });
    },
    state: () => ({
      ...{ ...current, healthy: collector.isHealthy(), offers },
      settled: offers > 0 && current.status !== 'applying',
    }),
    stop: timers.cancelAll,
  };
}
