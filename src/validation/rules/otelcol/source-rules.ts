import type { CollectorRule } from './subject.ts';

const good = `receivers: {otlp: {protocols: {grpc: {}}}}
exporters: {debug: {}}
service: {pipelines: {logs: {receivers: [otlp], exporters: [debug]}}}
`;

/** Faults that are found while a body is parsed or rendered, before the rules see a tree. */
export const sourceRules: readonly CollectorRule[] = [
  {
    code: 'OC001',
    name: 'yaml-syntax',
    severity: 'error',
    summary: 'The file is not YAML that the collector would read.',
    advice: 'The message says where and what was expected.',
    bad: 'receivers: {otlp: [}\n',
    good,
  },
  {
    code: 'OC002',
    name: 'duplicate-key',
    severity: 'error',
    summary: 'One key stands twice in one map.',
    advice: 'The collector refuses the file. Remove or rename one.',
    bad: `receivers: {otlp: {protocols: {grpc: {}}}, otlp: {protocols: {http: {}}}}
exporters: {debug: {}}
service: {pipelines: {logs: {receivers: [otlp], exporters: [debug]}}}
`,
    good,
  },
  {
    code: 'OC040',
    name: 'empty-remote',
    severity: 'error',
    summary: 'The config renders to nothing.',
    advice:
      'A supervisor stops the collector for an empty config, so it is refused. To take agents out of Git’s hands, delete the AgentConfig.',
    bad: '{}\n',
    good,
  },
];
