import { describe, expect, it } from 'vitest';
import { agentTypes } from '../../../src/agent-types/index.ts';
import { body } from './trees.ts';

const compare = (desired: string, effective: string) => agentTypes.otelcol.compare(body(desired), effective);

const pipelines = (extra = '') => `
receivers: {otlp: {protocols: {grpc: {endpoint: "localhost:4317"}}}}
processors: {batch: {}, memory_limiter: {limit_mib: 400}}
exporters: {otlphttp: {endpoint: "http://gw:4318"}, debug: {}}
extensions: {health_check: {}}
service:
  extensions: [health_check]
  pipelines:
    logs: {receivers: [otlp], processors: [memory_limiter, batch], exporters: [otlphttp]}
${extra}`;

describe('contained', () => {
  it.each([
    ['itself', 'a: {b: [1, x]}', 'a: {b: [1, x]}'],
    ['defaults', 'a: {b: 1}', 'a: {b: 1, c: 2}\nd: {}'],
    ['redacted leaves', 'a: {b: x, c: [1, 2]}', 'a: {b: "[REDACTED]", c: "[REDACTED]"}'],
    ['partly redacted leaves', 'a: https://u:p@h/', 'a: https://[REDACTED]@h/'],
    ['expansions', 'a: ${env:HOST}:4317\nb: ${file:x.yaml}', 'a: "web-1:4317"\nb: {c: 1}'],
    ['expansions to nothing', 'a: {b: "${env:X}"}', 'a: {}'],
    ['secrets', 'a: "$(secrets.key)"', 'a: abc'],
    ['doubled dollars', 'a: $$1\nb: $2', 'a: $1\nb: $$2'],
    ['null and an empty map', 'a: {b: }', 'a: {b: {}}'],
    ['null and defaults', 'a: {b: }', 'a: {b: {c: 1}}'],
    ['an empty map and null', 'a: {b: {}}', 'a: {b: }'],
    ['an empty map and defaults', 'a: {b: {}}', 'a: {b: {c: 1}}'],
    ['numbers', 'a: 0700\nb: 1_000\nc: 1.0\nd: "5"\ne: 1e3', 'a: 448\nb: 1000\nc: 1\nd: 5\ne: 1000'],
    ['booleans', 'a: "true"\nb: True', 'a: true\nb: true'],
    ['durations', 'a: 30s\nb: 1m\nc: 90m\nd: 1.5s', 'a: 30000000000\nb: 1m0s\nc: 1h30m0s\nd: 1500ms'],
    ['durations the other way', 'a: 1500000000', 'a: 1.5s'],
    ['byte sizes', 'a: 1MiB\nb: 10kb\nc: 2 GiB', 'a: 1048576\nb: 10000\nc: 2147483648'],
    [
      'pairs for a map',
      'a: {x: "1", y: z}',
      'a: [{name: y, value: z}, {name: x, value: 1}, {name: w, value: v}]',
    ],
    ['a map for pairs', 'a: [{name: x, value: 1}]', 'a: {x: 1, y: 2}'],
    ['one text for a list', 'a: "x, y"', 'a: [x, y]'],
    ['enumerations', 'a: detailed', 'a: Detailed'],
    ['zero values left out', 'a: {b: false, c: 0, d: "", e: 0s, f: [], g: {h: false}}', 'a: {}'],
    [
      'aliases of components',
      'exporters: {otlphttp/x: {endpoint: a}}',
      'exporters: {otlp_http/x: {endpoint: a}}',
    ],
    ['former names', 'receivers: {host_metrics: {a: 1}}', 'receivers: {hostmetrics: {a: 1}}'],
    [
      'spaces in component ids',
      'receivers: {otlp / x: {a: 1}}\nservice: {pipelines: {logs: {receivers: [otlp / x]}}}',
      'receivers: {otlp/x: {a: 1}}\nservice: {pipelines: {logs: {receivers: [otlp/x]}}}',
    ],
    [
      'settings moved into a part of the component',
      'exporters: {prw: {endpoint: a, timeout: 5s}}',
      'exporters: {prw: {http: {endpoint: a}, timeout: 5s}}',
    ],
    [
      'items that are written out by other names',
      'processors: {p: {list: [{name: a, type: b}]}}',
      'processors: {p: {list: [{other: 1}]}}',
    ],
    [
      'statements without their group',
      'processors: {p: {s: [a, b, c]}}',
      'processors: {p: {s: [{context: "", list: [a, b]}, {list: [c]}]}}',
    ],
    ['more extensions', 'service: {extensions: [a, b]}', 'service: {extensions: [opamp, b, a]}'],
    [
      'own telemetry',
      'a: 1',
      'a: 1\nextensions: {opamp: {x: 1}}\nservice: {telemetry: {logs: {level: debug}}}',
    ],
  ])('%s', (_name, desired, effective) => {
    expect(compare(desired, effective)).toEqual({ verdict: 'in-sync', differences: [] });
  });

  it('aliased names in pipelines', () => {
    const effective = pipelines().replaceAll('otlphttp', 'otlp_http');
    expect(compare(pipelines(), effective).verdict).toBe('in-sync');
    expect(compare(effective, pipelines()).verdict).toBe('in-sync');
  });
});

describe('drift', () => {
  it.each([
    ['a value', 'a: {b: x}', 'a: {b: y}', 'a::b', 'x', 'y'],
    ['a type', 'a: {b: "x"}', 'a: {b: 1}', 'a::b', 'x', '1'],
    ['a case in a path', 'a: /Var/log', 'a: /var/log', 'a', '/Var/log', '/var/log'],
    ['a missing value', 'a: {b: x}', 'a: {}', 'a::b', 'x', '(absent)'],
    ['a missing true', 'a: {b: true}', 'a: {}', 'a::b', 'true', '(absent)'],
    ['a missing map', 'a: {b: {c: 1, d: 2}}', 'a: {}', 'a::b', '{c, d}', '(absent)'],
    ['a duration', 'a: 30s', 'a: 31s', 'a', '30s', '31s'],
    ['a size', 'a: 1MiB', 'a: 1MB', 'a', '1MiB', '1MB'],
    ['a longer list', 'a: [1]', 'a: [1, 2]', 'a', '[1]', '[1, 2]'],
    ['an item of a list', 'a: [1, 2]', 'a: [1, 3]', 'a::1', '2', '3'],
    ['a map for a value', 'a: x', 'a: {x: 1}', 'a', 'x', '{x}'],
    ['a value for null', 'a: ', 'a: x', 'a', 'null', 'x'],
    ['a part that is off', 'a: {b: {c: 1}}', 'a: {b: }', 'a::b', '{c}', 'null'],
    [
      'a part that a report of plain text lacks',
      'receivers: {hostmetrics: {interval: 1m, scrapers: {cpu: {x: 1}}}}',
      'receivers: {hostmetrics: {interval: 1m}}',
      'receivers::hostmetrics::scrapers',
      '{cpu}',
      '(absent)',
    ],
    [
      'headers that are not there',
      'exporters: {otlp_http: {headers: {a: b}}}',
      'exporters: {otlp_http: {timeout: 1s}}',
      'exporters::otlp_http::headers',
      '{a}',
      '(absent)',
    ],
    [
      'a setting that moved and changed',
      'exporters: {prw: {endpoint: a}}',
      'exporters: {prw: {http: {endpoint: b}}}',
      'exporters::prw::endpoint',
      'a',
      'b',
    ],
    [
      'a setting that could have moved to two places',
      'exporters: {x: {endpoint: a}}',
      'exporters: {x: {grpc: {endpoint: a}, http: {endpoint: a}}}',
      'exporters::x::endpoint',
      'a',
      '(absent)',
    ],
    [
      'an item that lacks a key and has none of its own',
      'processors: {p: {list: [{name: a, type: b}]}}',
      'processors: {p: {list: [{name: a}]}}',
      'processors::p::list::0::type',
      'b',
      '(absent)',
    ],
    [
      'another statement in a group',
      'processors: {p: {s: [a]}}',
      'processors: {p: {s: [{list: [c]}]}}',
      'processors::p::s::0',
      'a',
      '{list}',
    ],
    ['another scheme', 'a: http://x', 'a: https://x', 'a', 'http://x', 'https://x'],
    ['an empty map for a full one', 'a: {b: {c: 1}}', 'a: {b: {}}', 'a::b::c', '1', '(absent)'],
    ['a missing component', 'exporters: {debug: {}}', 'exporters: {}', 'exporters::debug', '{}', '(absent)'],
    [
      'a missing extension',
      'service: {extensions: [a]}',
      'service: {extensions: [b]}',
      'service::extensions',
      '[a]',
      '[b]',
    ],
    [
      'the Supervisor’s part where it is set',
      'service: {telemetry: {x: 1}}',
      'service: {telemetry: {x: 2}}',
      'service::telemetry::x',
      '1',
      '2',
    ],
  ])('%s', (_name, desired, effective, path, want, have) => {
    expect(compare(desired, effective)).toMatchObject({
      verdict: 'drift',
      differences: [{ path, desired: want, effective: have, setBy: { file: 'body.yaml' } }],
    });
  });

  it('processors in another order', () => {
    const effective = pipelines().replace('[memory_limiter, batch]', '[batch, memory_limiter]');
    expect(compare(pipelines(), effective)).toMatchObject({ verdict: 'drift' });
  });

  it('shows no secrets', () => {
    const { differences } = compare(
      'exporters: {x: {headers: {k: one}, password: two, api: {key: three}, endpoint: "https://u:four@h"}}',
      'exporters: {x: {headers: {k: five}, password: six, api: {key: seven}, endpoint: "https://u:eight@i"}}',
    );
    expect(differences.map(({ path }) => path)).toHaveLength(4);
    expect(JSON.stringify(differences)).not.toMatch(/one|two|three|four|five|six|seven|eight/);
  });

  it('is cut at 50 differences of 200 characters', () => {
    const keys = Array.from({ length: 80 }, (_, index) => `k${index}`);
    const [desired, effective] = ['x ', 'y '].map((word) =>
      keys.map((key) => `${key}: ${word.repeat(200)}`).join('\n'),
    );
    const { differences } = compare(desired!, effective!);
    expect(differences).toHaveLength(50);
    expect(differences.every((one) => one.desired.length <= 200)).toBe(true);
  });
});

describe('wrong config', () => {
  it.each([
    ['no pipelines', 'receivers: {}', 'runs no pipeline'],
    [
      'a no-op config',
      'receivers: {nop: }\nexporters: {nop: }\nservice: {pipelines: {logs: {receivers: [nop], exporters: [nop]}}}',
      'no-op',
    ],
    ['a pipeline', pipelines().replace('logs:', 'metrics:'), 'pipeline logs is missing'],
    ['a receiver', pipelines().replace('[otlp]', '[jaeger]'), 'receiver otlp is missing'],
    [
      'a processor',
      pipelines().replace('[memory_limiter, batch]', '[batch]'),
      'processor memory_limiter is missing',
    ],
    ['an exporter', pipelines().replace('[otlphttp]', '[debug]'), 'exporter otlp_http is missing'],
    ['a definition', pipelines().replace('batch: {}, ', ''), 'processor batch is not defined'],
  ])('%s', (_name, effective, reason) => {
    const verdict = compare(pipelines(), effective);
    expect(verdict.verdict).toBe('wrong-config');
    expect(verdict.reason).toContain(reason);
  });

  it('a connector', () => {
    const connected = (name: string) => `
receivers: {otlp: }
exporters: {debug: }
connectors: {${name}: }
service: {pipelines: {traces: {receivers: [otlp], exporters: [${name}]}, metrics: {receivers: [${name}], exporters: [debug]}}}
`;
    expect(compare(connected('spanmetrics'), connected('span_metrics')).verdict).toBe('in-sync');
    expect(compare(connected('spanmetrics'), connected('count'))).toMatchObject({ verdict: 'wrong-config' });
  });

  it('is none where a desired no-op runs, or where nothing is enabled', () => {
    const nop =
      'receivers: {nop: }\nexporters: {nop: }\nservice: {pipelines: {logs: {receivers: [nop], exporters: [nop]}}}';
    expect(compare(nop, nop).verdict).toBe('in-sync');
    expect(compare('a: 1', 'a: 1').verdict).toBe('in-sync');
  });

  it('a reference by expansion is not judged', () => {
    const desired = pipelines().replace('[otlphttp]', '["${env:EXPORTER}"]');
    expect(compare(desired, pipelines()).verdict).toBe('in-sync');
  });
});

describe('unreadable', () => {
  it.each(['', '# nothing', '[', 'text', '- a', 'a: 1\n---\nb: 2'])('%j is no verdict', (effective) => {
    expect(compare('a: 1', effective)).toEqual({ verdict: 'unreadable', differences: [] });
  });
});

describe('other agent types', () => {
  it('edot-sdk compares settings', () => {
    const desired = body('{"rate": "0.5"}', 'edot-sdk');
    expect(agentTypes['edot-sdk'].compare(desired, '{"rate": "0.5", "x": "1"}').verdict).toBe('in-sync');
    expect(agentTypes['edot-sdk'].compare(desired, '{"rate": "0.6"}').verdict).toBe('drift');
    expect(agentTypes['edot-sdk'].compare(desired, '').verdict).toBe('unreadable');
  });

  it('raw compares text', () => {
    const desired = body('[INPUT]\n  x = 1\n', 'raw');
    expect(agentTypes.raw.compare(desired, '[INPUT]\n  x = 1\n').verdict).toBe('in-sync');
    expect(agentTypes.raw.compare(desired, '[INPUT]\n  x = 2\n').verdict).toBe('drift');
  });
});
