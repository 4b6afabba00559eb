import type { Severity } from '../../../../model/index.ts';

/** Codes of what `comparePlans` finds. */
export type PlanCode = 'OC061' | 'OC062';

/** A rule on a change rather than on a config; docs/rules.md is generated from these. */
export interface PlanRule {
  readonly code: PlanCode;
  readonly name: string;
  readonly severity: Severity;
  readonly summary: string;
  readonly advice: string;
  /** A config before the change, and after it. */
  readonly before: string;
  readonly after: string;
}

const before = `receivers: {otlp: {protocols: {grpc: {}}}}
exporters: {debug: {}, otlp_http: {endpoint: "https://collector.example.com"}}
service: {pipelines: {logs: {receivers: [otlp], exporters: [otlp_http]}}}
`;

/** The two rules that compare a config with its predecessor. */
export const planRules: readonly PlanRule[] = [
  {
    code: 'OC061',
    name: 'exporter-lost',
    severity: 'warning',
    summary:
      'A pipeline loses its last exporter that is not `debug` or `nop`, or a signal its last such pipeline.',
    advice: 'The data no longer leaves the agent. Keep an exporter, or merge the change knowingly.',
    before,
    after: before.replace('exporters: [otlp_http]', 'exporters: [debug]'),
  },
  {
    code: 'OC062',
    name: 'filter-added',
    severity: 'warning',
    summary: 'A filter or a sampler appears in a pipeline.',
    advice: 'Part of the data is dropped on the agent and cannot be had back. Check its conditions.',
    before,
    after: before
      .replace('exporters: {', 'processors: {probabilistic_sampler: {sampling_percentage: 10}}\nexporters: {')
      .replace(
        'receivers: [otlp], exporters',
        'receivers: [otlp], processors: [probabilistic_sampler], exporters',
      ),
  },
];
