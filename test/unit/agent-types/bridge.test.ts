import { describe, expect, it } from 'vitest';
import { agentTypes, findMissingKeys, listManagedKeys } from '../../../src/agent-types/index.ts';
import type { ComponentHealth, Labels, Problem, ReportedFile } from '../../../src/model/index.ts';
import { body } from './trees.ts';

const bridge = agentTypes['otelcol-cr'];
const managed = 'labels: {opentelemetry.io/opamp-managed: "true"}';

function reported(key: string, text: string): ReportedFile {
  return { key, contentType: 'yaml', body: new TextEncoder().encode(text) };
}

describe('what an offer would delete', () => {
  it('is what the bridge reports, the offer lacks and nobody allowed to go', () => {
    expect(findMissingKeys(['a/kept'], ['a/gone', 'a/kept', 'a/meant'], ['a/meant'])).toEqual(['a/gone']);
    expect(findMissingKeys(['a/kept', 'a/new'], ['a/kept'], [])).toEqual([]);
    expect(findMissingKeys([], [], ['a/old'])).toEqual([]);
  });

  it('is never a collector that is merely connected to the bridge', () => {
    expect(findMissingKeys([], ['01936f2e-8c1a-7b42-9d55-0f3c6a7e1b20', ''], [])).toEqual([]);
  });

  it('is counted from the resources that the bridge may change', () => {
    const files = [
      reported('b/managed', `metadata: {${managed}}`),
      reported('b/by-name', 'metadata: {labels: {opentelemetry.io/opamp-managed: east}}'),
      reported('a/watched', 'metadata: {labels: {opentelemetry.io/opamp-reporting: "true"}}'),
      reported('a/unreadable', '{'),
      reported('01936f2e-8c1a-7b42-9d55-0f3c6a7e1b20', 'receivers: {}'),
      reported('a/b/c', `metadata: {${managed}}`),
    ];
    expect(listManagedKeys(files)).toEqual(['a/unreadable', 'b/by-name', 'b/managed']);
  });
});

describe('a resource', () => {
  const config = 'spec: {config: {receivers: {otlp: }}}';
  const check = (text: string, key = 'obs/edge'): readonly Problem[] =>
    bridge.check?.(body(text, 'otelcol-cr'), key) ?? [];

  it('that the bridge takes has no problem', () => {
    expect(check(`metadata: {${managed}}\n${config}`)).toEqual([]);
    const whole = `apiVersion: opentelemetry.io/v1beta1\nkind: OpenTelemetryCollector\nmetadata: {namespace: obs, name: edge, labels: {opentelemetry.io/opamp-managed: east}}\n${config}`;
    expect(check(whole)).toEqual([]);
  });

  it.each([
    ['without the label', `metadata: {labels: {a: b}}\n${config}`, 'FR210', 'opamp-managed: "true"', 1],
    [
      'with the label empty',
      `metadata: {labels: {opentelemetry.io/opamp-managed: ""}}\n${config}`,
      'FR210',
      'opamp-managed',
      1,
    ],
    [
      'with the label denied',
      `metadata: {labels: {opentelemetry.io/opamp-managed: "false"}}\n${config}`,
      'FR210',
      'opamp-managed',
      1,
    ],
    ['without metadata', `kind: OpenTelemetryCollector\n${config}`, 'FR210', 'opamp-managed', 1],
    [
      'that is only reported',
      `metadata: {labels: {opentelemetry.io/opamp-managed: "true", opentelemetry.io/opamp-reporting: "true"}}\n${config}`,
      'FR210',
      'refuses to change',
      1,
    ],
    [
      'of an old version',
      `apiVersion: opentelemetry.io/v1alpha1\nmetadata: {${managed}}\n${config}`,
      'FR210',
      'v1beta1 only',
      1,
    ],
    [
      'of another kind',
      `kind: Instrumentation\nmetadata: {${managed}}\n${config}`,
      'FR210',
      'OpenTelemetryCollector only',
      1,
    ],
    [
      'without a config',
      `metadata: {${managed}}\nspec: {mode: daemonset}`,
      'FR210',
      'spec.config is missing',
      2,
    ],
    [
      'under another name',
      `metadata: {name: gateway, ${managed}}\n${config}`,
      'FR211',
      'metadata.name is "gateway"',
      1,
    ],
    [
      'in another namespace',
      `metadata: {namespace: x, ${managed}}\n${config}`,
      'FR211',
      'metadata.namespace is "x"',
      1,
    ],
  ])('%s is refused where it stands', (_name, text, code, message, line) => {
    const problems = check(text);
    expect(problems).toMatchObject([{ code, severity: 'error', file: 'body.yaml', line }]);
    expect(problems[0]?.message).toContain(message);
  });

  it.each(['edge', 'a/b/c', '/edge', 'obs/', 'obs/ed ge', ''])('keyed %j names none', (key) => {
    expect(check(`metadata: {${managed}}\n${config}`, key).map(({ code }) => code)).toEqual(['FR211']);
  });

  it('is merged like a collector config inside, joined keys and appended lists included', () => {
    const layers = [
      'spec: {config: {service: {pipelines: {logs: {receivers: [a], processors: [p], exporters: [x]}}}}}',
      'spec: {config: {service::pipelines::logs: {receivers: [b], processors: [q]}}}',
    ].map((text) => body(text, 'otelcol-cr'));
    const merged = bridge.merge(layers.map((tree) => ({ tree, lists: 'append', remove: [], at: tree.at })));
    expect(bridge.render(merged.tree)).toBe(
      bridge.render(
        body(
          'spec: {config: {service: {pipelines: {logs: {receivers: [a, b], processors: [q], exporters: [x]}}}}}',
          'otelcol-cr',
        ),
      ),
    );
  });
});

describe('desired against the cluster', () => {
  const resource = (spec: string, extra = '') => `${extra}\nspec: {${spec}}\n`;
  const logs = (exporter: string) =>
    `config: {receivers: {otlp: }, exporters: {${exporter}: }, service: {pipelines: {logs: {receivers: [otlp], exporters: [${exporter}]}}}}`;
  const compare = (desired: string, effective: string) =>
    bridge.compare(body(desired, 'otelcol-cr'), effective);

  it.each([
    ['what only the cluster has', logs('debug'), `${logs('debug')}, managementState: managed`],
    ['whoever scales the pool', `${logs('debug')}, replicas: 3`, `${logs('debug')}, replicas: 7`],
    [
      'spellings of quantities',
      `${logs('debug')}, resources: {limits: {cpu: 1000m, memory: 1024Mi}}`,
      `${logs('debug')}, resources: {limits: {cpu: "1", memory: 1Gi}}`,
    ],
    ['aliases', logs('otlphttp'), logs('otlp_http')],
  ])('%s is no drift', (_name, desired, effective) => {
    expect(compare(resource(desired), resource(effective, 'status: {version: x}'))).toEqual({
      verdict: 'in-sync',
      differences: [],
    });
  });

  it('metadata is the cluster’s', () => {
    const desired = resource(logs('debug'), 'metadata: {labels: {a: b}, annotations: {c: d}}');
    expect(compare(desired, resource(logs('debug'))).verdict).toBe('in-sync');
  });

  it.each([
    ['mode', 'mode: daemonset', 'mode: deployment', 'spec::mode'],
    [
      'a limit',
      'resources: {limits: {cpu: 1}}',
      'resources: {limits: {cpu: 2}}',
      'spec::resources::limits::cpu',
    ],
    ['an image that somebody took away', 'image: a', 'x: y', 'spec::image'],
  ])('%s is drift, with its place in Git', (_name, desired, effective, path) => {
    const verdict = compare(
      resource(`${logs('debug')}, ${desired}`),
      resource(`${logs('debug')}, ${effective}`),
    );
    expect(verdict).toMatchObject({
      verdict: 'drift',
      differences: [{ path, setBy: { file: 'body.yaml', line: 2 } }],
    });
  });

  it('another exporter, or no config at all, is a wrong config', () => {
    expect(compare(resource(logs('debug')), resource(logs('nop')))).toMatchObject({
      verdict: 'wrong-config',
    });
    expect(compare(resource(logs('debug')), 'spec: {mode: sidecar}')).toMatchObject({
      verdict: 'wrong-config',
      reason: 'runs no pipeline',
    });
  });
});

describe('the health of a bridge', () => {
  const node = (
    healthy: boolean,
    components: Readonly<Record<string, ComponentHealth>> = {},
    text: Partial<ComponentHealth> = {},
  ): ComponentHealth => ({
    healthy,
    startTimeUnixNano: 0n,
    lastError: '',
    status: '',
    statusTimeUnixNano: 0n,
    components: new Map(Object.entries(components)),
    ...text,
  });
  const judge = (health: ComponentHealth) => bridge.judgeHealth?.(health);

  it('is that of its root where all is well', () => {
    const health = node(true, { 'obs/edge': node(true, { 'obs/edge-0': node(true) }) });
    expect(judge(health)).toBe(health);
    expect(judge(node(true))).toMatchObject({ healthy: true });
  });

  it('is ill with any part, which is named with why', () => {
    const pod = node(false, {}, { status: 'Pending' });
    const pools = {
      'obs/edge': node(false, { 'obs/edge-0': node(true), 'obs/edge-1': pod }),
      'obs/gw': node(true),
    };
    expect(judge(node(true, pools))).toMatchObject({
      healthy: false,
      lastError: 'obs/edge › obs/edge-1: Pending',
    });
    expect(judge(node(true, { 'obs/edge': node(false) }))).toMatchObject({
      healthy: false,
      lastError: 'obs/edge: unhealthy',
    });
  });

  it('keeps the root’s own reason', () => {
    expect(judge(node(false, {}, { lastError: 'no access' }))).toMatchObject({
      healthy: false,
      lastError: 'no access',
    });
  });
});

describe('the identity of a bridge', () => {
  const labels = (values: Readonly<Record<string, string>>): Labels => new Map(Object.entries(values));
  const identify = (values: Readonly<Record<string, string>>, tenant = 'acme') =>
    bridge.stableIdentity?.(labels(values), tenant);
  const first = {
    'service.name': 'io.opentelemetry.operator-opamp-bridge',
    'service.instance.id': '1',
    'service.version': '0.140.0',
    'host.name': 'bridge-7d9f-x2',
    'os.family': 'linux',
    'fleet.uid': '1',
    'k8s.cluster.name': 'east',
  };

  it('outlives a restart with another uid, pod and version', () => {
    const restarted = {
      ...first,
      'service.instance.id': '2',
      'service.version': '0.141.0',
      'host.name': 'bridge-9c1e-q8',
      'fleet.uid': '2',
    };
    expect(identify(restarted)).toBe(identify(first));
  });

  it('differs by tenant and by how the bridge describes itself', () => {
    expect(identify(first, 'globex')).not.toBe(identify(first));
    expect(identify({ ...first, 'k8s.cluster.name': 'west' })).not.toBe(identify(first));
  });

  it('is no one’s whose uid is kept', () => {
    for (const type of ['otelcol', 'edot-sdk', 'raw'] as const)
      expect(agentTypes[type].stableIdentity).toBeUndefined();
  });
});
