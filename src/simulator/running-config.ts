import type { ReceivedConfig } from '../opamp-server/index.ts';
import { deriveEffectiveConfig, driftEffectiveConfig, noOpConfig } from './effective-config.ts';
import { readOutline } from './yaml-outline.ts';

/** How a collector's report of its config relates to what it was given. */
export type Reporting = 'as-offered' | 'drifted' | 'no-op';

/** A config as a collector runs and reports it. */
export interface RunningConfig {
  readonly files: readonly {
    readonly key: string;
    readonly contentType: string;
    readonly body: Uint8Array;
  }[];
  /** Of the file without a name, for the tree of its health. */
  readonly pipelines: readonly string[];
}

/** What becomes of an offered config; agents that are offered the same share one. */
export type DeriveRunningConfig = (offer: ReceivedConfig, reporting: Reporting) => RunningConfig;

const decoder = new TextDecoder();
const encoder = new TextEncoder();
const longestMemory = 64;

function effectiveText(offered: string, reporting: Reporting): string {
  if (reporting === 'no-op') return noOpConfig;
  const effective = deriveEffectiveConfig(offered);
  return reporting === 'drifted' ? driftEffectiveConfig(effective) : effective;
}

function pipelinesOf(config: string): readonly string[] {
  const entries = readOutline(config).filter(
    ({ path }) => path.length === 3 && path[0] === 'service' && path[1] === 'pipelines',
  );
  return entries.map(({ key }) => key);
}

function derive({ files }: ReceivedConfig, reporting: Reporting): RunningConfig {
  const texts = files.map(({ key, contentType, body }) => {
    const text = decoder.decode(body);
    return { key, contentType, text: /yaml/.test(contentType) ? effectiveText(text, reporting) : text };
  });
  return {
    files: texts.map(({ text, ...file }) => ({ ...file, body: encoder.encode(text) })),
    pipelines: pipelinesOf(texts.find(({ key }) => key === '')?.text ?? ''),
  };
}

/** What a collector runs before its first offer. */
export const nothingToRun: RunningConfig = {
  files: [{ key: '', contentType: 'text/yaml', body: encoder.encode(noOpConfig) }],
  pipelines: pipelinesOf(noOpConfig),
};

/** Derives each distinct config once, and remembers the last 64. */
export function createRunningConfigs(): DeriveRunningConfig {
  const known = new Map<string, RunningConfig>();
  return (offer, reporting) => {
    const key = `${reporting} ${offer.hash}`;
    const found = known.get(key);
    if (found) return found;
    const derived = derive(offer, reporting);
    if (known.size === longestMemory) known.delete(known.keys().next().value ?? '');
    known.set(key, derived);
    return derived;
  };
}
