import { descriptionOf } from './agents.ts';
import fc from './property.ts';
import { collectorText } from './service.ts';

/** One AgentConfig of a random fleet repo. */
export interface RandomConfig {
  readonly selector: string;
  readonly priority: number;
  readonly timeout: string;
  readonly usesHost: boolean;
  readonly overlay: boolean;
  readonly paused: boolean;
  readonly version: string;
  readonly processor: string;
  readonly broken: boolean;
}

/** One agent of a random fleet. */
export interface RandomAgent {
  readonly env: string;
  readonly zone: string;
  readonly version: string;
  readonly hasHost: boolean;
  readonly listsComponents: boolean;
  readonly accepts: boolean;
}

export type RandomRepo = Readonly<Record<string, RandomConfig>>;

const anyConfig = fc.record<RandomConfig>({
  selector: fc.constantFrom(
    '{matchLabels: {env: prod}}',
    '{matchLabels: {env: dev}}',
    '{matchLabels: {zone: a}}',
    '{matchLabels: {fleet.ring: canary}}',
    '{matchExpressions: [{key: zone, operator: NotIn, values: [a]}]}',
    '{}',
  ),
  priority: fc.constantFrom(0, 0, 1, 2),
  timeout: fc.constantFrom('1s', '5s'),
  usesHost: fc.boolean(),
  overlay: fc.boolean(),
  paused: fc.constantFrom(false, false, false, true),
  version: fc.constantFrom('', '', '>=0.120.0'),
  processor: fc.constantFrom('batch', 'batch', 'memory_limiter'),
  broken: fc.constantFrom(false, false, false, false, false, false, true),
});

/** A repo of one tenant with up to three AgentConfigs. */
export const anyRepo: fc.Arbitrary<RandomRepo> = fc.dictionary(fc.constantFrom('a', 'b', 'c'), anyConfig, {
  maxKeys: 3,
});

/** Up to a dozen agents that differ in all that decides what they get. */
export const anyAgents: fc.Arbitrary<readonly RandomAgent[]> = fc.array(
  fc.record<RandomAgent>({
    env: fc.constantFrom('prod', 'dev'),
    zone: fc.constantFrom('a', 'b'),
    version: fc.constantFrom('0.119.0', '0.144.0'),
    hasHost: fc.constantFrom(true, true, true, false),
    listsComponents: fc.boolean(),
    accepts: fc.constantFrom(true, true, true, true, false),
  }),
  { minLength: 1, maxLength: 12 },
);

/** The files of a repo; `ring` is whom the fleet's labels call canaries. */
export function filesOf(repo: RandomRepo, ring: string): Readonly<Record<string, string>> {
  const files: Record<string, string> = {
    'fleet.yaml': `kind: Fleet\nagentVars: [host.name]\nlabels:\n  - selector: {matchLabels: {env: ${ring}}}\n    set: {fleet.ring: canary}\n`,
    'overlay.yaml': 'processors: {batch: {send_batch_size: 7}}\n',
  };
  for (const [name, config] of Object.entries(repo)) {
    files[`${name}.yaml`] = manifestOf(name, config);
    files[`${name}/body.yaml`] = bodyOf(config);
  }
  return files;
}

function manifestOf(name: string, config: RandomConfig): string {
  const lines = [
    'kind: AgentConfig',
    'rollout: immediate',
    `selector: ${config.selector}`,
    `priority: ${config.priority}`,
    `config: ${name}/body.yaml`,
    `paused: ${config.paused}`,
    ...(config.version === '' ? [] : [`requires: {version: "${config.version}"}`]),
    ...(config.overlay
      ? ['overlays:', '  - {name: zoned, when: {matchLabels: {zone: a}}, config: overlay.yaml}']
      : []),
    ...(config.broken ? ['selectr: {}'] : []),
  ];
  return `${lines.join('\n')}\n`;
}

function bodyOf({ timeout, usesHost, processor }: RandomConfig): string {
  const text = collectorText(timeout);
  const limited = text
    .replace('processors:', 'processors:\n  memory_limiter: {check_interval: 1s, limit_mib: 100}\n')
    .replace(/processors: \[batch\]/g, 'processors: [memory_limiter, batch]');
  const body = processor === 'batch' ? text : limited;
  const named = body.replace(
    'service:',
    'service:\n  telemetry: {resource: {host.name: $(agent.host.name)}}',
  );
  return usesHost ? named : body;
}

/** What an agent says of itself. */
export function describeAgent({ env, zone, version, hasHost }: RandomAgent, index: number) {
  return descriptionOf({
    'service.name': 'otelcol',
    'service.version': version,
    env,
    zone,
    ...(hasHost && { 'host.name': `web-${index}` }),
  });
}

/** A build without the memory limiter. */
export const smallBuild = {
  availableComponentsHash: 'aa',
  availableComponents: ['receiver/otlp', 'processor/batch', 'exporter/debug'],
};
