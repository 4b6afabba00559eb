import { describe, expect, it } from 'vitest';
import { parseYaml } from '../../../../src/manifests/index.ts';
import { comparePlans, planRules, settableRules } from '../../../../src/validation/rules/index.ts';

function parse(text: string) {
  const [tree] = parseYaml(new TextEncoder().encode(text), 'plan.yaml').documents;
  if (!tree) throw new Error('no document');
  return tree;
}

function findings(before: string | undefined, after: string): readonly string[] {
  const found = comparePlans(before === undefined ? undefined : parse(before), parse(after));
  return found.map(({ code, pipeline, at }) => `${code} ${pipeline} ${at.line}:${at.column}`);
}

const head = `receivers: {otlp: {protocols: {grpc: {}}}}
processors: {batch: {}, filter/a: {}, tail_sampling: {}}
exporters: {debug: {}, otlp_http: {endpoint: "https://a.example.com"}, kafka: {}}
connectors: {forward: {}}
`;

/** A config with one line per pipeline. */
function withPipelines(...lines: readonly string[]): string {
  return `${head}service:\n  pipelines:\n${lines.map((line) => `    ${line}\n`).join('')}`;
}

const toBackend = 'logs: {receivers: [otlp], exporters: [otlp_http]}';

describe('plan rules', () => {
  it.each(planRules.map((rule) => [rule.code, rule]))(
    '%s finds its own example',
    (code, { before, after }) => {
      expect(comparePlans(parse(before), parse(after)).map((finding) => finding.code)).toEqual([code]);
      expect(comparePlans(parse(before), parse(before))).toEqual([]);
    },
  );

  it('a Fleet sets their severities, or turns them off', () => {
    const [lost] = planRules;
    const severitiesOf = (set: 'off' | 'error') => {
      const found = comparePlans(parse(lost!.before), parse(lost!.after), new Map([['OC061', set]]));
      return found.map(({ severity }) => severity);
    };
    expect([severitiesOf('error'), severitiesOf('off')]).toEqual([['error'], []]);
    expect(settableRules.has('OC061')).toBe(true);
  });

  it('a first config loses nothing', () => {
    expect(findings(undefined, withPipelines('logs: {receivers: [otlp], exporters: [debug]}'))).toEqual([]);
  });
});

describe('OC061', () => {
  it.each([
    ['only debug is left', 'logs: {receivers: [otlp], exporters: [debug]}', ['OC061 logs 7:31']],
    ['nothing is left', 'logs: {receivers: [otlp], exporters: []}', ['OC061 logs 7:31']],
    ['the list is gone', 'logs: {receivers: [otlp]}', ['OC061 logs 7:5']],
    ['another exporter takes over', 'logs: {receivers: [otlp], exporters: [debug, kafka]}', []],
    ['a connector takes over', 'logs: {receivers: [otlp], exporters: [forward]}', []],
    ['an expansion hides one', 'logs: {receivers: [otlp], exporters: [debug, "${env:E}"]}', []],
    ['the pipeline is renamed', 'logs/main: {receivers: [otlp], exporters: [otlp_http]}', []],
    ['the signal is gone', 'traces: {receivers: [otlp], exporters: [otlp_http]}', ['OC061 logs 5:1']],
    [
      'the pipeline’s successor only prints',
      'logs/2: {receivers: [otlp], exporters: [debug]}',
      ['OC061 logs 5:1'],
    ],
  ])('%s', (_what, after, expected) => {
    expect(findings(withPipelines(toBackend), withPipelines(after))).toEqual(expected);
  });

  it('what only printed before loses nothing', () => {
    const printing = withPipelines('logs: {receivers: [otlp], exporters: [debug]}');
    expect(findings(printing, withPipelines('logs: {receivers: [otlp], exporters: [nop]}'))).toEqual([]);
  });
});

describe('OC062', () => {
  const piped = (processors: string) =>
    `logs: {receivers: [otlp], processors: ${processors}, exporters: [otlp_http]}`;

  it.each([
    ['a filter appears', toBackend, piped('[batch, filter/a]'), ['OC062 logs 7:51']],
    ['a sampler appears', piped('[batch]'), piped('[tail_sampling, batch]'), ['OC062 logs 7:44']],
    ['it was there', piped('[filter/a]'), piped('[batch, filter/a]'), []],
    ['it goes', piped('[filter/a]'), piped('[]'), []],
    ['another processor appears', toBackend, piped('[batch]'), []],
    ['an expansion hid the list before', piped('"${env:P}"'), piped('[filter/a]'), []],
    [
      'a new pipeline takes over with one',
      toBackend,
      piped('[filter/a]').replace('logs:', 'logs/2:'),
      ['OC062 logs/2 7:46'],
    ],
    [
      'a pipeline of a new signal has one',
      toBackend,
      `${toBackend}\n    traces: {receivers: [otlp], processors: [tail_sampling], exporters: [debug]}`,
      [],
    ],
  ])('%s', (_what, before, after, expected) => {
    expect(findings(withPipelines(before), withPipelines(after))).toEqual(expected);
  });
});
