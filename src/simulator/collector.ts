import type { ComponentHealth, ReportedFile } from '../model/index.ts';
import type { ReceivedConfig } from '../opamp-server/index.ts';
import type { Clock } from '../runtime/index.ts';
import { describeHealth } from './component-health.ts';
import { deriveEffectiveConfig, driftEffectiveConfig, noOpConfig } from './effective-config.ts';

/** How a collector's report of its config relates to what it was given. */
export type Reporting = 'as-offered' | 'drifted' | 'no-op';

/** The collector process of one simulated agent: what it runs and how it is. */
export interface Collector {
  /** Starts with these files; from then on it is healthy. */
  run(files: ReceivedConfig['files'], reporting: Reporting): void;
  /** Ends with this error; the config that it reports stays. */
  crash(message: string): void;
  /** Starts again with what it ran. */
  restart(): void;
  /** Healthy becomes unhealthy, and the other way round. */
  flip(): void;
  health(): ComponentHealth;
  effectiveFiles(): readonly ReportedFile[];
}

const decoder = new TextDecoder();
const encoder = new TextEncoder();

function effectiveText(offered: string, reporting: Reporting): string {
  if (reporting === 'no-op') return noOpConfig;
  const effective = deriveEffectiveConfig(offered);
  return reporting === 'drifted' ? driftEffectiveConfig(effective) : effective;
}

/** A collector that runs nothing yet but its no-op config, as under a supervisor. */
export function createCollector(clock: Clock): Collector {
  let effective = new Map<string, { text: string; contentType: string }>([
    ['', { text: noOpConfig, contentType: 'text/yaml' }],
  ]);
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
    run(files, reporting) {
      const entries = files.map(({ key, contentType, body }) => {
        const text = decoder.decode(body);
        const isYaml = /yaml/.test(contentType);
        return [key, { text: isYaml ? effectiveText(text, reporting) : text, contentType }] as const;
      });
      effective = new Map(entries);
      start();
    },
    crash: change,
    restart: start,
    flip: () => change(lastError === '' ? 'component is not ready' : ''),
    health: () =>
      describeHealth({
        healthy: lastError === '',
        lastError,
        startedAt: lastError === '' ? startedAt : 0,
        changedAt,
        config: effective.get('')?.text ?? '',
      }),
    effectiveFiles: () =>
      [...effective].map(([key, { text, contentType }]) => ({
        key,
        contentType,
        body: encoder.encode(text),
      })),
  };
}
