import { describe, expect, it } from 'vitest';
import { parseYaml } from '../../../../src/manifests/index.ts';
import type { ConfigNode } from '../../../../src/model/index.ts';
import {
  checkComponentSettings,
  type SettingsOptions,
  settingsFromJsonSchema,
} from '../../../../src/validation/component-schemas/index.ts';

function parse(settings: string): ConfigNode {
  const [node] = parseYaml(new TextEncoder().encode(settings), 'settings.yaml').documents;
  if (!node) throw new Error('no document');
  return node;
}

const isHidden = (node: ConfigNode) => node.kind === 'scalar' && node.text.includes('${');

function check(component: string, settings: string, options: Partial<SettingsOptions> = {}) {
  const [kind, type] = component.split(' ') as ['exporter', string];
  const findings = checkComponentSettings(kind, type, parse(settings), { isHidden, ...options });
  return findings.map(
    ({ code, severity = 'error', at, message }) => `${code} ${severity} ${at.line}:${at.column} ${message}`,
  );
}

describe('names', () => {
  it('an unknown one is told at its place with the nearest that is known', () => {
    expect(check('exporter otlp_grpc', 'endpoint: x:4317\nsending_queue:\n  que_size: 5\n')).toEqual([
      'OC024 error 3:3 unknown field "que_size" in "sending_queue" of exporter otlp_grpc. Did you mean "queue_size"?',
    ]);
  });

  it('a component without settings says so', () => {
    expect(check('exporter nop', '{a: b}')).toEqual([
      'OC024 error 1:2 unknown field "a" in exporter nop; it has no settings',
    ]);
  });

  it('an older name of a component has the same settings', () => {
    expect(check('exporter otlp', '{end_point: x}')[0]).toContain(
      'in exporter otlp. Did you mean "endpoint"?',
    );
  });

  it('a component that nobody knows is not judged', () => {
    expect(check('exporter acme', '{anything: [1, {a: b}]}')).toEqual([]);
  });

  it('names that every object has are unknown too', () => {
    expect(check('processor batch', '{constructor: 1, __proto__: 2}')).toHaveLength(2);
  });
});

describe('releases', () => {
  const gone = '{brokers: [a], topic: x}';

  it('a name that went is a warning where any release may run, an error where all are newer, and fine where all are older', () => {
    expect(check('exporter kafka', gone)[0]).toContain('OC024 warning');
    expect(check('exporter kafka', gone, { releases: { lowest: 150, highest: 159 } })[0]).toContain(
      'OC024 error',
    );
    expect(check('exporter kafka', gone, { releases: { lowest: 140, highest: 147 } })).toEqual([]);
  });

  it('a name that came is an error where all are older, a warning where some are', () => {
    const come = '{check_interval: 1s, limit_mib: 5, max_gc_interval_when_hard_limited: 1s}';
    expect(check('processor memory_limiter', come)).toEqual([]);
    expect(check('processor memory_limiter', come, { releases: { lowest: 140, highest: 150 } })[0]).toContain(
      'OC024 error',
    );
    expect(check('processor memory_limiter', come, { releases: { lowest: 150, highest: 158 } })[0]).toContain(
      'OC024 warning',
    );
  });
});

describe('values', () => {
  it.each([
    [
      'text for a duration',
      '{timeout: "5"}',
      'OC025 error 1:11 "timeout" of processor batch needs a number with a unit',
    ],
    ['days', '{timeout: 1d}', 'there are no days: 1d is 24h'],
    [
      'a bare number for a duration',
      '{timeout: 5}',
      'OC025 warning 1:11 "timeout" of processor batch has no unit',
    ],
    ['text for a number', '{send_batch_size: "5"}', 'must be a whole number; this is text'],
    ['a negative number', '{send_batch_size: -5}', 'must not be negative'],
    ['a map for a list', '{metadata_keys: {a: b}}', 'must be a list; this is a map'],
    [
      'a number in a list of texts',
      '{metadata_keys: [a, 1]}',
      '"metadata_keys[1]" of processor batch must be text: put it in quotes',
    ],
    ['a list for the component', '[]', 'OC025 error 1:1 processor batch must be a map; this is a list'],
  ])('%s is told', (_what, settings, told) => {
    const found = check('processor batch', settings);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(told);
  });

  it.each([
    '{timeout: 0, send_batch_size: 5}',
    '{timeout: 1h2m3.5s, metadata_keys: "a,b"}',
    '{timeout: "${env:T}", send_batch_size: "${env:N}"}',
    '{timeout: , metadata_keys: }',
    '{metadata_keys: "${env:KEYS}"}',
    '~',
  ])('%s is fine', (settings) => {
    expect(check('processor batch', settings)).toEqual([]);
  });

  it('a wrong word names those that are right', () => {
    expect(check('exporter otlp_http', '{endpoint: a, encoding: jsn}')).toEqual([
      'OC025 error 1:25 "encoding" of exporter otlp_http must be one of proto, json. Did you mean "json"?',
    ]);
  });

  it('a value is never repeated: it may be a secret', () => {
    const found = check(
      'exporter otlp_http',
      '{endpoint: a, headers: [hunter2], timeout: hunter2, tls: hunter2}',
    );
    expect(found).toHaveLength(3);
    expect(found.join()).not.toContain('hunter2');
  });

  it('headers are a map or a list of pairs', () => {
    expect(check('exporter otlp_http', '{endpoint: a, headers: {x: y}}')).toEqual([]);
    expect(check('exporter otlp_http', '{endpoint: a, headers: [{name: x, value: y}]}')).toEqual([]);
    expect(check('exporter otlp_http', '{endpoint: a, headers: {x: 5}}')[0]).toContain('"headers.x"');
  });
});

describe('what is missing', () => {
  it.each([
    ['exporter otlp_grpc', '~', 'exporter otlp_grpc needs "endpoint"'],
    ['exporter otlp_grpc', '{endpoint: ""}', 'exporter otlp_grpc needs "endpoint"'],
    ['receiver otlp', '{protocols: {}}', '"protocols" of receiver otlp needs at least one of grpc, http'],
    ['extension basicauth', '{}', 'extension basicauth needs exactly one of htpasswd, client_auth'],
  ])('%s %s', (component, settings, told) => {
    expect(check(component, settings).map((line) => line.replace(/^OC026 error \S+ /, ''))).toEqual([told]);
  });

  it('a block counts as soon as it is written', () => {
    expect(check('receiver otlp', '{protocols: {grpc: }}')).toEqual([]);
  });

  it('is only a warning where the collector would look when it builds a pipeline, and none uses the component', () => {
    expect(check('receiver file_log', '{}')[0]).toContain('OC026 error');
    expect(check('receiver file_log', '{}', { isBuilt: false })[0]).toContain('OC026 warning');
    expect(check('exporter otlp_grpc', '{}', { isBuilt: false })[0]).toContain('OC026 error');
  });
});

describe('imported schemas', () => {
  const schema = (properties: object) =>
    settingsFromJsonSchema({
      definitions: { settings: { type: ['object'], properties, additionalProperties: false } },
    });
  const withImported = (name: string, properties: object) => {
    const shape = schema(properties);
    return shape ? { imported: new Map([[name, shape]]) } : {};
  };

  it('know names that ours do not', () => {
    const options = withImported('processor-batch', {
      turbo: { type: ['boolean'] },
      timeout: { $comment: 'duration' },
    });
    expect(check('processor batch', '{turbo: true}', options)).toEqual([]);
    expect(check('processor batch', '{turba: true}', options)[0]).toContain('OC024 error');
  });

  it('make a name that only they do not know a warning', () => {
    const options = withImported('processor-batch', { timeout: { $comment: 'duration' } });
    expect(check('processor batch', '{send_batch_size: 5}', options)[0]).toContain('OC024 warning');
  });

  it('judge components that we do not know, with warnings', () => {
    const options = withImported('exporter-acme', { retries: { type: ['number', 'null', 'string'] } });
    expect(check('exporter acme', '{retries: many}', options)[0]).toContain('OC025 warning');
  });
});
