import type { ComponentHealth, ReportedFile } from '../model/index.ts';
import type { Clock } from '../runtime/index.ts';
import { describeHealth } from './component-health.ts';
import { nothingToRun, type RunningConfig } from './running-config.ts';

/** The collector process of one simulated agent: what it runs and how it is. */
export interface Collector {
  /** Starts with this config; from then on it is healthy. */
  run(config: RunningConfig): void;
  /** Ends with this error; the config that it reports stays. */
  crash(message: string): void;
  /** Starts again with what it ran. */
  restart(): void;
  /** Healthy becomes unhealthy, and the other way round. */
  flip(): void;
  isHealthy(): boolean;
  health(): ComponentHealth;
  effectiveFiles(): readonly ReportedFile[];
}

/** A collector that runs nothing yet but its no-op config, as under a supervisor. */
export function createCollector(clock: Clock): Collector {
  let running = nothingToRun;
  let lastError = '';
  let startedAt = clock.now();
  let changedAt = startedAt;
  function change(error: string): void {
    lastError = error;
    changedAt = clock.now();
  }
  function start(): void {
    change('');
    startedAt = changedAt;
  }
  return {
    run(config) {
      running = config;
      start();
    },
    crash: change,
    restart: start,
    flip: () => change(lastError === '' ? 'component is not ready' : ''),
    isHealthy: () => lastError === '',
    health: () =>
      describeHealth({
        healthy: lastError === '',
        lastError,
        startedAt: lastError === '' ? startedAt : 0,
        changedAt,
        pipelines: running.pipelines,
      }),
    effectiveFiles: () => running.files,
  };
}
