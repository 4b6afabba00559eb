import { describe, expect, it } from 'vitest';
import { listProvenance } from '../../../src/agent-types/index.ts';
import { createRenderer } from '../../../src/desired-state/index.ts';
import type { AgentConfig, Assigned, RenderResult, TenantSnapshot } from '../../../src/model/index.ts';
import { layerAt } from '../../support/layer-at.ts';
import { config, file, overlay, tenant, tree, vars } from './tenants.ts';

function rendererOf(bodies: Record<string, string>) {
  let reads = 0;
  const renderer = createRenderer({
    readBody(path) {
      reads += 1;
      return bodies[path] === undefined ? undefined : new TextEncoder().encode(bodies[path]);
    },
    maxCacheEntries: 10,
  });
  return { renderer, reads: () => reads };
}

const target = (parts: Partial<Assigned> = {}): Assigned => {
  const assigned = { kind: 'assigned' as const, config: 'edge', overlays: [], agentVars: [], renderKey: '' };
  return { ...assigned, ...parts, renderKey: parts.renderKey ?? JSON.stringify(parts) };
};

function render(
  bodies: Record<string, string>,
  owner: AgentConfig,
  parts: Partial<Assigned> = {},
  snapshot: TenantSnapshot = tenant([owner]),
): RenderResult {
  return rendererOf(bodies).renderer.render(snapshot, target(parts));
}

function textOf(result: RenderResult): string {
  if (result.kind === 'held') throw new Error(result.reason);
  return new TextDecoder().decode(result.config.files[0]?.body);
}

describe('layers', () => {
  const owner = config({
    layers: [file('a.yaml'), file('b.yaml')],
    overlays: [
      overlay({ name: 'one', config: [file('c.yaml')], lists: 'append' }),
      overlay({ name: 'two', remove: ['exporters::otlp::tls'] }),
      overlay({
        name: 'three',
        config: [{ kind: 'inline', node: tree('exporters: {otlp: {tls: {insecure: true}}}'), at: owner0() }],
      }),
    ],
  });
  const bodies = {
    'a.yaml':
      'exporters: {otlp: {endpoint: "a:1", tls: {ca_file: x}}}\nservice: {extensions: [a], telemetry: {x: [1]}}\n',
    'b.yaml': '# comment\nexporters: {otlp: {endpoint: "b:1"}}\n',
    'c.yaml': 'service: {extensions: [b, a, b], telemetry: {x: [2]}}\n',
  };

  function owner0() {
    return { file: 'tenants/acme/edge.yaml', line: 9, column: 3 };
  }

  it('merge in order, then overlays top to bottom', () => {
    expect(textOf(render(bodies, owner))).toBe(
      'exporters:\n  otlp:\n    endpoint: "b:1"\n    tls:\n      ca_file: x\n' +
        'service:\n  extensions:\n    - a\n  telemetry:\n    x:\n      - 1\n',
    );
    expect(textOf(render(bodies, owner, { overlays: [0, 1, 2] }))).toBe(
      'exporters:\n  otlp:\n    endpoint: "b:1"\n    tls:\n      insecure: true\n' +
        'service:\n  extensions:\n    - a\n    - b\n  telemetry:\n    x:\n      - 2\n',
    );
  });

  it('are one entry with the empty key', () => {
    const result = render(bodies, owner);
    expect(
      result.kind === 'rendered' && result.config.files.map(({ key, contentType }) => [key, contentType]),
    ).toEqual([['', 'text/yaml']]);
    expect(result.kind === 'rendered' && result.config.components).toEqual(['exporter/otlp']);
  });

  it('know who set what', () => {
    const { renderer } = rendererOf(bodies);
    const rendered = renderer.renderTree(tenant([owner]), target({ overlays: [0, 2] }));
    const [first] = rendered.files;
    expect(first?.layers).toEqual([
      { file: 'a.yaml' },
      { file: 'b.yaml' },
      { file: 'c.yaml', overlay: 'one' },
      { file: 'tenants/acme/edge.yaml', overlay: 'three' },
    ]);
    const layers = listProvenance(first!.tree, first!.origin, 4).map(({ path, layer }) => `${path} ${layer}`);
    expect(layers).toEqual([
      'exporters::otlp::endpoint 2',
      'exporters::otlp::tls::ca_file 1',
      'exporters::otlp::tls::insecure 4',
      'service::extensions::0 1',
      'service::extensions::1 3',
      'service::telemetry::x::0 3',
    ]);
    expect(layerAt(first!.origin, ['exporters', 'otlp', 'endpoint', 'below'])).toBe(2);
  });

  it('problems name tenant, config and layer', () => {
    const result = render({ ...bodies, 'b.yaml': 'exporters: [\n' }, owner);
    expect(result).toMatchObject({
      kind: 'held',
      reason: expect.stringContaining('OC001 b.yaml:2:1'),
      problems: [{ code: 'OC001', file: 'b.yaml', tenant: 'acme', config: 'edge', layer: '2 of 2' }],
    });
  });

  it('a `remove` that names nothing is an error', () => {
    const wrong = config({ overlays: [overlay({ remove: ['exporters::otlp::tsl'] })] });
    const result = render(bodies, wrong, { overlays: [0] });
    expect(result).toMatchObject({ kind: 'held', problems: [{ code: 'FR203' }] });
    expect(result.kind === 'held' && result.problems[0]?.message).toContain('endpoint, tls');
  });

  it('wait where bytes are not at hand, and are rendered once they are', () => {
    const later: Record<string, string> = {};
    const { renderer } = rendererOf(later);
    const snapshot = tenant([config()]);
    expect(renderer.render(snapshot, target())).toMatchObject({
      kind: 'held',
      reason: 'a.yaml is not at hand yet',
    });
    later['a.yaml'] = 'a: 1\n';
    expect(renderer.render(snapshot, target()).kind).toBe('rendered');
  });

  it('are read once, and equal render keys give one object', () => {
    const { renderer, reads } = rendererOf(bodies);
    const snapshot = tenant([owner]);
    const first = renderer.render(snapshot, target({ renderKey: 'k' }));
    expect(renderer.render(snapshot, target({ renderKey: 'k' }))).toBe(first);
    renderer.render(snapshot, target({ renderKey: 'other' }));
    expect(reads()).toBe(2);
  });
});

describe('variables', () => {
  const snapshot = (owner: AgentConfig) =>
    tenant([owner], {
      fleet: { vars: vars('a: fleet\nb: fleet\nc: fleet\nd: fleet\n'), agentVars: ['host.name', 'zone'] },
      manifest: { vars: vars('b: tenant\nc: tenant\nd: tenant\n') },
    });
  const body = (text: string) => ({ 'a.yaml': text });

  it('take their value from the innermost level', () => {
    const owner = config({
      vars: vars('c: config\nd: config\n'),
      overlays: [overlay({ vars: vars('d: overlay\n') })],
    });
    const text = 'x: $(vars.a)-$(vars.b)-$(vars.c)-$(vars.d)\n';
    expect(textOf(render(body(text), owner, {}, snapshot(owner)))).toBe('x: "fleet-tenant-config-config"\n');
    expect(textOf(render(body(text), owner, { overlays: [0] }, snapshot(owner)))).toBe(
      'x: "fleet-tenant-config-overlay"\n',
    );
  });

  it.each([
    ['a number alone keeps its type', 'x: $(vars.port)', 'x: 4317'],
    ['a bool alone keeps its type', 'x: $(vars.on)', 'x: true'],
    ['a float alone keeps its spelling', 'x: $(vars.ratio)', 'x: 1e-3'],
    ['a number in text is text', 'x: host:$(vars.port)', 'x: "host:4317"'],
    ['an octal in text is its value', 'x: v$(vars.mode)', 'x: "v448"'],
    ['a string is quoted', 'x: $(vars.text)', 'x: "yes"'],
    ['a string of digits is quoted', 'x: $(vars.digits)', 'x: "4317"'],
    ['YAML is not injected', 'x: $(vars.evil)', 'x: "a: b\\n- c # d"'],
    ['values are not substituted again', 'x: $(vars.nested)', 'x: "$(vars.port)"'],
    ['the tenant has a name', 'x: $(tenant.name)', 'x: "acme"'],
    ['a default', 'x: $(vars.none:-fall back)', 'x: "fall back"'],
    ['an empty default', 'x: a$(vars.none:-)', 'x: "a"'],
    ['a numeric default', 'x: $(vars.none:-400)', 'x: 400'],
    ['a default that is not needed', 'x: $(vars.text:-no)', 'x: "yes"'],
    ['a literal', 'x: $$(vars.port)', 'x: "$(vars.port)"'],
    ['Prometheus', 'x: $(SHARD) ${env:X} $$1', 'x: $(SHARD) ${env:X} $$1'],
    ['keys stay', '"$(vars.port)": 1', '"$(vars.port)": 1'],
    ['lists', 'x: [$(vars.port), "a$(vars.port)"]', 'x:\n  - 4317\n  - "a4317"'],
    ['block text keeps its style', 'x: |\n  a $(vars.port)\n  b\n', 'x: |\n  a 4317\n  b'],
    ['null is empty text', 'x: a$(vars.nothing)', 'x: "a"'],
  ])('%s', (_name, text, expected) => {
    const owner = config({
      vars: vars(
        'port: 4317\non: true\nratio: 1e-3\nmode: 0700\ntext: "yes"\ndigits: "4317"\nevil: "a: b\\n- c # d"\nnested: $(vars.port)\nnothing:\n',
      ),
    });
    expect(textOf(render(body(text), owner))).toBe(`${expected}\n`);
  });

  it('agent attributes cannot be expanded by the collector, nor be anything but text', () => {
    const owner = config();
    const agentVars = [
      ['host.name', '$${file:/etc/shadow}'],
      ['zone', '7'],
    ] as const;
    const text = 'x: $(agent.host.name)\nw: $(agent.zone)\nz: $(agent.zone:-none)\n';
    expect(textOf(render(body(text), owner, { agentVars }, snapshot(owner)))).toBe(
      'x: "$${file:/etc/shadow}"\nw: "7"\nz: "7"\n',
    );
    expect(textOf(render(body('z: $(agent.zone:-none)\n'), owner, {}, snapshot(owner)))).toBe('z: "none"\n');
  });

  it('agent attributes may be left open', () => {
    const owner = config();
    const { renderer } = rendererOf(body('x: $(agent.zone)-$(vars.a)\n'));
    const { tree: open, problems } = renderer.renderTree(snapshot(owner), target(), { openAgentVars: true });
    expect(problems).toEqual([]);
    expect(open).toMatchObject({ entries: [{ value: { text: '$(agent.zone)-fleet' } }] });
  });

  it.each([
    ['x: $(vars.prot)', 'FR201', 'Did you mean "port"', 4],
    ['x: $(tenant.id)', 'FR201', 'tenant.name', 4],
    ['x: $(agent.zone)', 'FR201', 'no value for this agent', 4],
    ['x: $(agent.rack)', 'FR205', 'agentVars', 4],
    ['x: $(secrets.key)', 'FR206', 'secrets', 4],
    ['x: "$(vars.port"', 'FR207', 'not a variable reference', 4],
    ['x: $(vars.)', 'FR207', 'not a variable reference', 4],
  ])('%s is an error', (text, code, words, column) => {
    const owner = config({ vars: vars('port: 1\n') });
    const result = render(body(text), owner, {}, snapshot(owner));
    expect(result).toMatchObject({
      kind: 'held',
      problems: [{ code, severity: 'error', file: 'a.yaml', line: 1, column }],
    });
    expect(result.kind === 'held' && result.problems[0]?.message).toContain(words);
  });

  it.each([
    ['x: $(port)', '$(vars.port)'],
    ['x: $(var.port)', '$(vars.port)'],
    ['"$(vars.port)": 1', undefined],
  ])('%s is a warning', (text, suggestion) => {
    const owner = config({ vars: vars('port: 1\n') });
    const { renderer } = rendererOf(body(text));
    const { problems } = renderer.renderTree(tenant([owner]), target());
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject({ code: 'FR202', severity: 'warning', layer: '1 of 1' });
    expect(problems[0]?.suggestion).toBe(suggestion);
  });

  it('tell which of them are used', () => {
    const owner = config({ vars: vars('port: 1\nhost: x\nidle: y\n') });
    const { renderer } = rendererOf(body('x: $(vars.port)\ny: a$(vars.host)\n'));
    expect([...renderer.renderTree(tenant([owner]), target()).usedVars]).toEqual(['port', 'host']);
  });
});

describe('refusals', () => {
  it.each([
    ['an empty file', '', 'OC040'],
    ['an empty map', '{}', 'OC040'],
    ['the extension of the Supervisor', 'extensions: {opamp: {}}\n', 'OC039'],
    ['too many bytes', `a: ${'x'.repeat(200)}\n`, 'FR208'],
    ['two documents', 'a: 1\n---\nb: 2\n', 'OC001'],
    ['a list', '- a\n', 'OC001'],
  ])('%s', (_name, text, code) => {
    const owner = config();
    const limited = tenant([owner], { manifest: { limits: { maxConfigBytes: 100 } } });
    const result = render({ 'a.yaml': text }, owner, {}, limited);
    expect(result).toMatchObject({ kind: 'held', problems: [{ code, tenant: 'acme', config: 'edge' }] });
  });

  it('an AgentConfig that is gone', () => {
    expect(render({}, config({ name: 'other' }))).toMatchObject({ kind: 'held', problems: [] });
  });
});

describe('hashes', () => {
  const hashOf = (text: string, owner = config()) => {
    const result = render({ 'a.yaml': text }, owner);
    return result.kind === 'rendered' ? result.config.hash : result.reason;
  };

  it('do not change with comments, order, quotes and spelling', () => {
    expect(hashOf('# c\nb: "x"\na: {d: 0x10, c: [yes]}\n')).toBe(hashOf('a:\n  c: ["yes"]\n  d: 16\nb: x\n'));
  });

  it('change with values, types, key and attempt', () => {
    const hashes = [
      hashOf('a: 1\n'),
      hashOf('a: 2\n'),
      hashOf('a: "1"\n'),
      hashOf('a: 1\n', config({ attempt: 1 })),
      hashOf(
        'a: 1\n',
        config({ layers: [], files: [{ key: 'x', contentType: 'text/yaml', layers: [file('a.yaml')] }] }),
      ),
    ];
    expect(new Set(hashes).size).toBe(hashes.length);
  });
});

describe('other agent types', () => {
  it('edot-sdk is flat JSON of strings under its key', () => {
    const owner = config({ type: 'edot-sdk', layers: [file('a.yaml'), file('b.yaml')] });
    const result = render(
      { 'a.yaml': 'sampling_rate: 0.5\nlogging_level: info\n', 'b.yaml': '{"10": true}\n' },
      owner,
    );
    expect(textOf(result)).toBe(
      '{\n  "sampling_rate": "0.5",\n  "logging_level": "info",\n  "10": "true"\n}\n',
    );
    expect(result.kind === 'rendered' && result.config.files[0]).toMatchObject({
      key: 'elastic',
      contentType: 'application/json',
    });
    expect(render({ 'a.yaml': 'a: {b: 1}\n' }, config({ type: 'edot-sdk' }))).toMatchObject({
      problems: [{ code: 'FR204' }],
    });
  });

  it('raw is sent as it is, the last layer alone', () => {
    const owner = config({ type: 'raw', layers: [file('a.yaml'), file('b.yaml')] });
    expect(textOf(render({ 'a.yaml': 'x', 'b.yaml': '[INPUT]\n\tName = tail\r\n' }, owner))).toBe(
      '[INPUT]\n\tName = tail\r\n',
    );
  });

  it('otelcol-cr is keyed by the resource, and `delete` adds no entry', () => {
    const body = (labels: string) =>
      `kind: OpenTelemetryCollector\nmetadata: {namespace: obs, name: edge, labels: {${labels}}}\nspec: {config: {receivers: {otlp: {}}}}\n`;
    const managed = { 'a.yaml': body('opentelemetry.io/opamp-managed: "true"') };
    const result = render(managed, config({ type: 'otelcol-cr', delete: ['obs/old'] }));
    expect(result.kind === 'rendered' && result.config.files.map(({ key }) => key)).toEqual(['obs/edge']);
    expect(result.kind === 'rendered' && result.config.components).toEqual(['receiver/otlp']);
    const same = render(managed, config({ type: 'otelcol-cr' }));
    expect(
      result.kind === 'rendered' && same.kind === 'rendered' && result.config.hash === same.config.hash,
    ).toBe(true);
    const owner = config({ type: 'otelcol-cr' });
    expect(render({ 'a.yaml': 'kind: X\n' }, owner)).toMatchObject({ problems: [{ code: 'FR209' }] });
    expect(render({ 'a.yaml': body('a: b') }, owner)).toMatchObject({
      problems: [{ code: 'FR210', file: 'a.yaml', line: 2 }],
    });
  });

  it('an overlay that cannot say which of several files it changes is refused', () => {
    const named = (key: string) => ({ key, contentType: 'text/plain', layers: [file('a.yaml')] });
    const overlays = [overlay({ name: 'debug', config: [file('b.yaml')] }), overlay({ name: 'vars' })];
    const owner = config({ type: 'raw', layers: [], files: [named('x'), named('y')], overlays });
    const bodies = { 'a.yaml': 'x', 'b.yaml': 'y' };
    expect(render(bodies, owner, { overlays: [0] })).toMatchObject({ problems: [{ code: 'FR214' }] });
    expect(render(bodies, owner, { overlays: [1] }).kind).toBe('rendered');
    const single = config({ type: 'raw', layers: [], files: [named('x')], overlays });
    expect(textOf(render(bodies, single, { overlays: [0] }))).toBe('y');
  });
});
