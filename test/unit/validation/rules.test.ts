import { describe, expect, it } from 'vitest';
import { agentTypes } from '../../../src/agent-types/index.ts';
import { parseYaml } from '../../../src/manifests/index.ts';
import type { Problem } from '../../../src/model/index.ts';
import { collectorRules, type LintOptions, lintConfig } from '../../../src/validation/rules/index.ts';

const foundElsewhere = ['OC001', 'OC002', 'OC040'];

/** Examples with `---` hold the layers of one merge. */
function lintExample(text: string, options: LintOptions = {}): readonly Problem[] {
  const { documents, problems } = parseYaml(new TextEncoder().encode(text), 'example.yaml');
  if (documents.length === 0) return problems;
  const layers = documents.map((tree) => ({ tree, lists: 'replace', remove: [], at: tree.at }) as const);
  const { tree } = agentTypes.otelcol.merge(layers);
  return [...problems, ...lintConfig(tree, { layers: documents, ...options })];
}

/** What is at least a warning; hints of little weight come and go with every component. */
function faultsOf(text: string, options: LintOptions = {}): readonly Problem[] {
  return lintExample(text, options).filter(({ severity }) => severity !== 'info');
}

function codesOf(text: string, builds: readonly string[] = []): readonly string[] {
  return faultsOf(text, { builds }).map((problem) => problem.code);
}

describe('collector rules', () => {
  const linted = collectorRules.filter((rule) => rule.code !== 'OC040');

  it.each(linted.map((rule) => [rule.code, rule]))('%s finds its bad example', (code, rule) => {
    const found = lintExample(rule.bad, rule.agents).filter((problem) => problem.code === code);
    expect(found.length).toBeGreaterThan(0);
    expect(found[0]).toMatchObject({ file: 'example.yaml', severity: rule.severity });
    expect(found[0]!.line).toBeGreaterThan(0);
  });

  it.each(linted.map((rule) => [rule.code, rule]))('%s leaves its good example alone', (code, rule) => {
    expect(faultsOf(rule.good, rule.agents)).toEqual([]);
    expect(lintExample(rule.good, rule.agents).map((problem) => problem.code)).not.toContain(code);
  });

  it('each rule that looks at trees has a check, the others are found before', () => {
    const without = collectorRules.filter((rule) => !rule.check).map((rule) => rule.code);
    expect(without).toEqual(foundElsewhere);
  });

  it('codes are unique and in order', () => {
    const codes = collectorRules.map((rule) => rule.code);
    expect(codes).toEqual([...new Set(codes)].sort());
  });

  it('a Fleet sets severities or turns a rule off', () => {
    const tree = parseYaml(new TextEncoder().encode(badExample('OC041')), 'a.yaml').documents[0]!;
    const severityOf = (set: 'off' | 'error') =>
      lintConfig(tree, { severities: new Map([['OC041', set]]) }).find(({ code }) => code === 'OC041')
        ?.severity;
    expect([severityOf('off'), severityOf('error')]).toEqual([undefined, 'error']);
  });
});

function badExample(code: string): string {
  return collectorRules.find((rule) => rule.code === code)!.bad;
}

const ok = `exporters: {debug: {}}
service: {pipelines: {logs: {receivers: [otlp], exporters: [debug]}}}
`;

describe('values that are known only on the agent', () => {
  it.each([
    ['a whole section', `receivers: \${file:/etc/receivers.yaml}\n${ok}`],
    [
      'a list of references',
      'receivers: {otlp: {protocols: {grpc: }}}\nexporters: {debug: }\nservice: {pipelines: {logs: {receivers: [otlp], exporters: "${env:LIST}"}}}\n',
    ],
    [
      'one reference',
      'receivers: {otlp: {protocols: {grpc: }}}\nexporters: {debug: }\nservice: {pipelines: {logs: {receivers: [otlp], exporters: ["${env:EXPORTER}"]}}}\n',
    ],
    [
      'the service',
      'receivers: {otlp: {protocols: {grpc: }}}\nexporters: {debug: }\nservice: ${file:/etc/service.yaml}\n',
    ],
    [
      'a pipeline',
      'receivers: {otlp: {protocols: {grpc: }}}\nexporters: {debug: }\nservice: {pipelines: {logs: "${file:/etc/logs.yaml}"}}\n',
    ],
    [
      'extensions',
      `receivers: {otlp: {protocols: {grpc: }}}\nextensions: {pprof: {}}\nexporters: {debug: {}}\nservice: {extensions: "\${env:E}", pipelines: {logs: {receivers: [otlp], exporters: [debug]}}}\n`,
    ],
  ])('%s is not judged', (_what, text) => {
    expect(faultsOf(text)).toEqual([]);
  });
});

describe('references', () => {
  it('names the nearest component with its place', () => {
    const text =
      'receivers:\n  otlp: {protocols: {grpc: {}}}\nexporters: {debug: {}}\nservice: {pipelines: {logs: {receivers: [oltp, otlp], exporters: [debug]}}}\n';
    expect(faultsOf(text)).toEqual([
      {
        code: 'OC009',
        severity: 'error',
        file: 'example.yaml',
        line: 4,
        column: 42,
        message: 'receiver "oltp" is not defined. Did you mean "otlp" (example.yaml:2:3)?',
        suggestion: 'otlp',
      },
    ]);
  });

  it('connectors count as receivers and exporters', () => {
    const text = `receivers: {otlp: {protocols: {grpc: {}}}}
exporters: {debug: {}}
connectors: {forward: {}}
service:
  pipelines:
    logs: {receivers: [otlp], exporters: [forward]}
    logs/2: {receivers: [forward], exporters: [debug]}
`;
    expect(faultsOf(text)).toEqual([]);
  });
});

describe('the catalogue', () => {
  it.each([
    ['a deprecated alias', 'filelog: {include: [/x]}', 'filelog'],
    ['a new name', 'file_log: {include: [/x]}', 'file_log'],
    ['an older alias of a named component', 'hostmetrics/a: {scrapers: {cpu: {}}}', 'hostmetrics/a'],
  ])('knows %s', (_what, receiver, id) => {
    const signal = receiver.startsWith('host') ? 'metrics' : 'logs';
    const text = `receivers: {${receiver}}\nexporters: {debug: {}}\nservice: {pipelines: {${signal}: {receivers: [${id}], exporters: [debug]}}}\n`;
    expect(codesOf(text, ['otelcol-contrib'])).toEqual(signal === 'logs' ? ['OC056'] : []);
  });

  it('says what replaced a removed component', () => {
    const text = `receivers: {otlp: {protocols: {grpc: {}}}}\nexporters: {logging: {}}\nservice: {pipelines: {logs: {receivers: [otlp], exporters: [logging]}}}\n`;
    expect(faultsOf(text)[0]).toMatchObject({ code: 'OC036', severity: 'warning' });
    expect(faultsOf(text)[0]!.message).toContain('removed in 0.111.0');
  });

  it('a component of somebody’s own build is a warning at most', () => {
    const text = `receivers: {acme_bus: {}}\nprocessors: {redis: {}}\nexporters: {debug: {}}\nservice: {pipelines: {logs: {receivers: [acme_bus], processors: [redis], exporters: [debug]}}}\n`;
    expect(faultsOf(text).map(({ code, severity }) => [code, severity])).toEqual([
      ['OC019', 'warning'],
      ['OC021', 'warning'],
    ]);
  });

  it('nothing is said about a build that is not official', () => {
    const text = `receivers: {journald: {}}\nexporters: {debug: {}}\nservice: {pipelines: {logs: {receivers: [journald], exporters: [debug]}}}\n`;
    expect(codesOf(text, ['otelcol'])).toEqual(['OC020']);
    expect(codesOf(text, ['acme-collector'])).toEqual([]);
    expect(codesOf(text, ['otelcol', 'acme-collector'])).toEqual([]);
    expect(codesOf(text, ['otelcol', 'otelcol-contrib'])).toEqual([]);
  });

  it('profiles support is never a certain error', () => {
    const text = `receivers: {host_metrics: {scrapers: {cpu: {}}}}\nexporters: {debug: {}}\nservice: {pipelines: {profiles: {receivers: [host_metrics], exporters: [debug]}}}\n`;
    const { documents } = parseYaml(new TextEncoder().encode(text), 'a.yaml');
    const problems = lintConfig(documents[0]!, { featureGates: ['service.profilesSupport'] });
    expect(problems.filter(({ code }) => code === 'OC018').map(({ severity }) => severity)).toEqual([
      'warning',
    ]);
  });
});

describe('OC005', () => {
  const text = (id: string, settings: string) =>
    `receivers: {${id}: ${settings}}\nexporters: {debug: {}}\nservice: {pipelines: {logs: {receivers: [otlp/a], exporters: [debug]}}}\n`;

  it.each([
    ['"otlp / a"', '{protocols: {grpc: {}}}', ['OC005']],
    ['"otlp / a"', '', []],
    ['otlp/a', '{protocols: {grpc: {}}}', []],
  ])('an id with spaces loses its settings: %s %s', (id, settings, codes) => {
    expect(codesOf(text(id, settings)).filter((code) => code === 'OC005')).toEqual(codes);
  });
});

describe('OC034', () => {
  it.each([
    ['${env:1ST-KEY}', ['OC034']],
    ['${1}', ['OC034']],
    ['${}', ['OC034']],
    ['${HOST:-localhost}:4317', ['OC034']],
    ['${env:KEY', ['OC034']],
    ['$${1}', []],
    ['$$$${env:1}', []],
    ['$$${env:1}', ['OC034']],
    ['${env:A:-${env:B}}', []],
    ['${env:${A}}', []],
    ['${env:A:-de:fault}', []],
    ['${file:/run/secrets/x}', []],
    ['${yaml:a::b: 1}', []],
    ['a}b$c', []],
    ['${HOSTNAME}:4317', []],
  ])('%s', (value, codes) => {
    const text = `receivers: {otlp: {protocols: {grpc: {endpoint: ${JSON.stringify(value)}}}}}\nexporters: {debug: {}}\nservice: {pipelines: {logs: {receivers: [otlp], exporters: [debug]}}}\n`;
    expect(codesOf(text)).toEqual(codes);
  });
});
