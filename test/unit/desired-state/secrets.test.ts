import { describe, expect, it } from 'vitest';
import { createRenderer } from '../../../src/desired-state/index.ts';
import { stringNode } from '../../../src/manifests/index.ts';
import type {
  OpenedSecrets,
  Problem,
  RenderResult,
  ScalarNode,
  TenantSecrets,
  TenantSnapshot,
} from '../../../src/model/index.ts';
import { validateRepo } from '../../../src/validation/index.ts';
import { createMemoryRepo } from '../../support/memory-repo.ts';

const now = Date.UTC(2026, 10, 22);
const at = { file: 'secrets.sops.yaml', line: 1, column: 1 };

type Values = Readonly<Record<string, string | number | boolean>>;

function toNode(value: string | number | boolean): ScalarNode {
  if (typeof value === 'string') return stringNode(value, at);
  return {
    kind: 'scalar',
    text: String(value),
    style: 'plain',
    type: typeof value === 'number' ? 'int' : 'bool',
    at,
  };
}

/** Secrets as a reader hands them over; `digest` stands for what the tenant's key makes of them. */
function secretsOf(values: Values, digest = 'd'): TenantSecrets & { readonly opened: OpenedSecrets } {
  const nodes = new Map(Object.entries(values).map(([name, value]) => [name, toNode(value)]));
  return {
    digests: new Map(
      [...nodes].map(([name, { text }]) => [name, `${digest}-${text.length}-${text.charCodeAt(0)}`]),
    ),
    opened: { values: nodes, hashKey: new TextEncoder().encode(digest.padEnd(32, '.')) },
    problems: [],
  };
}

interface Setup {
  readonly body: string;
  readonly values?: Values;
  readonly files?: Readonly<Record<string, string>>;
  readonly config?: string;
  readonly digest?: string;
  readonly agentVars?: readonly (readonly [string, string])[];
}

/** The small bodies of these tests lack what a real one has. */
const isAboutSecrets = ({ code }: Problem) => code !== 'OC044';

const pipeline = 'service: {pipelines: {traces: {receivers: [nop], exporters: [otlp_http]}}}\n';
const exporter = (password: string, more = '') =>
  `receivers: {nop: {}}\nexporters:\n  otlp_http:\n    endpoint: https://x.example\n    headers:\n      x-key: ${password}\n${more}${pipeline}`;

function setUp({ body, values, files = {}, config = '', digest }: Setup) {
  const secrets = values && secretsOf(values, digest);
  const repo = createMemoryRepo({
    'edge.yaml': `kind: AgentConfig\nselector: {}\nconfig: collector.yaml\n${config}`,
    'collector.yaml': body,
    ...files,
  });
  const byTenant = secrets ? new Map([['default', secrets]]) : new Map<string, TenantSecrets>();
  const snapshot = validateRepo({ ...repo, now, secrets: byTenant });
  const tenant = snapshot.tenants.get('default') as TenantSnapshot;
  return { repo, secrets, snapshot, tenant };
}

function render(setup: Setup, keys: 'open' | 'closed' | 'offline' = 'open'): RenderResult {
  const { repo, secrets, tenant } = setUp(setup);
  const renderer = createRenderer({
    readBody: (_path, blob) => repo.readBlob(blob),
    maxCacheEntries: 10,
    ...(keys !== 'offline' && { secretsOf: () => (keys === 'open' ? secrets?.opened : undefined) }),
  });
  const { agentVars = [] } = setup;
  return renderer.render(tenant, {
    kind: 'assigned',
    config: 'edge',
    overlays: [],
    agentVars,
    renderKey: 'k',
  });
}

function textOf(result: RenderResult, which: 'files' | 'shown' = 'files'): string {
  if (result.kind !== 'rendered') throw new Error(result.reason);
  return new TextDecoder().decode(result.config[which]?.[0]?.body);
}

function hashOf(result: RenderResult): string {
  if (result.kind !== 'rendered') throw new Error(result.reason);
  return result.config.hash;
}

const problemsOf = (setup: Setup) =>
  setUp(setup)
    .snapshot.problems.filter(isAboutSecrets)
    .map(({ code, file, line, column, message }) => ({
      code,
      at: `${file}:${line}:${column}`,
      message,
    }));

describe('$(secrets.…) in bodies', () => {
  it('agents get the value; whatever is shown keeps the reference', () => {
    const result = render({ body: exporter('$(secrets.db.password)'), values: { 'db.password': 'canary' } });
    expect(textOf(result)).toContain('x-key: "canary"');
    expect(textOf(result, 'shown')).toContain('$(secrets.db.password)');
    expect(textOf(result, 'shown')).not.toContain('canary');
  });

  it('a value never injects YAML, and `$` in it is doubled for a collector', () => {
    const result = render({
      body: exporter('$(secrets.k)'),
      values: { k: 'a"\nexporters: {file: {path: /etc/x}}\n${env:HOME} $(secrets.k) $$' },
    });
    expect(textOf(result)).toContain(
      'x-key: "a\\"\\nexporters: {file: {path: /etc/x}}\\n$${env:HOME} $$(secrets.k) $$$$"',
    );
  });

  it('an agent that expands nothing gets `$` as it is', () => {
    const result = render({ body: 'key=$(secrets.k)\n', config: 'type: raw\n', values: { k: 'a$b' } });
    expect(textOf(result)).toBe('key=a$b\n');
  });

  it('numbers and bools stay what they are where they stand alone, and are text within text', () => {
    const body = exporter(
      'p-$(secrets.port)',
      '    compression: $(secrets.on)\n    timeout: $(secrets.port)\n',
    );
    const text = textOf(render({ body, values: { port: 4317, on: true } }));
    expect(text).toContain('compression: true');
    expect(text).toContain('timeout: 4317');
    expect(text).toContain('x-key: "p-4317"');
  });

  it('what an agent reports of itself never turns into a secret', () => {
    const setup: Setup = {
      body: exporter('$(agent.host.name)', '    user_agent: $$(secrets.k)\n    x: $(secrets.k)\n'),
      files: { 'fleet.yaml': 'kind: Fleet\nagentVars: [host.name]\n' },
      values: { k: 'canary' },
      agentVars: [['host.name', '$$(secrets.k)']],
    };
    const text = textOf(render(setup));
    expect(text).toContain('x-key: "$$(secrets.k)"');
    expect(text).toContain('user_agent: "$(secrets.k)"');
    expect(text.match(/canary/g)).toHaveLength(1);
  });

  it('defaults hold where the name is not declared, and only there', () => {
    const body = exporter('$(secrets.k:-fallback)');
    expect(textOf(render({ body, values: { k: 'canary' } }))).toContain('x-key: "canary"');
    expect(textOf(render({ body, values: { other: 'canary' } }))).toContain('x-key: "fallback"');
    expect(textOf(render({ body }))).toContain('x-key: "fallback"');
  });

  it.each([
    ['a name that nobody declared', exporter('$(secrets.databse)'), '', 'FR206', 'collector.yaml:6:14'],
    [
      'a variable that holds one',
      exporter('$(vars.v)'),
      'vars: {v: "x $(secrets.database)"}\n',
      'FR215',
      'edge.yaml:4:11',
    ],
  ])('%s is an error with its place', (_, body, config, code, place) => {
    const found = problemsOf({ body, config, values: { database: 'canary' } });
    expect(found).toMatchObject([{ code, at: place }]);
    expect(JSON.stringify(found)).not.toContain('canary');
  });

  it('a near miss names the nearest secret', () => {
    const [problem] = setUp({ body: exporter('$(secrets.databse)'), values: { database: 'x' } }).snapshot
      .problems;
    expect(problem).toMatchObject({ suggestion: '$(secrets.database)' });
  });

  it('keys are never filled in', () => {
    const body = exporter('x', '    retry_on_failure: {$(secrets.k): 1}\n');
    expect(problemsOf({ body, values: { k: 'canary' } })).toContainEqual(
      expect.objectContaining({ code: 'FR202' }),
    );
    expect(textOf(render({ body, values: { k: 'canary' } }))).not.toContain('canary');
  });

  it('rules look at the reference: no value gets into a problem', () => {
    const body = exporter('$(secrets.k)', '    timeout: $(secrets.k)\n    compression: $(secrets.k)\n');
    expect(problemsOf({ body, values: { k: 'AKIAIOSFODNN7EXAMPLE' } })).toEqual([]);
  });

  it('offline, a secret is a mask', () => {
    expect(textOf(render({ body: exporter('$(secrets.k)'), values: { k: 'canary' } }, 'offline'))).toContain(
      '"[secret]"',
    );
  });

  it('a rendering whose secrets are not open is held, never sent with a mask', () => {
    expect(render({ body: exporter('$(secrets.k)'), values: { k: 'canary' } }, 'closed')).toMatchObject({
      kind: 'held',
      reason: 'the secrets of default are not open',
    });
  });
});

describe('hashes over secrets', () => {
  const body = exporter('$(secrets.k)');
  const targetOf = (setup: Setup) => setUp(setup).tenant.configs[0]?.targetKey;

  it('follow the value and the key, and nobody can compute them from the text alone', () => {
    const one = hashOf(render({ body, values: { k: 'a' } }));
    expect(hashOf(render({ body, values: { k: 'a' } }))).toBe(one);
    expect(hashOf(render({ body, values: { k: 'b' } }))).not.toBe(one);
    expect(hashOf(render({ body, values: { k: 'a' }, digest: 'e' }))).not.toBe(one);
    expect(hashOf(render({ body: exporter('"a"') }))).not.toBe(one);
  });

  it('a new value is a new target; one that the config does not use is none', () => {
    const one = targetOf({ body, values: { k: 'a', other: 'x' } });
    expect(targetOf({ body, values: { k: 'a', other: 'y' } })).toBe(one);
    expect(targetOf({ body, values: { k: 'b', other: 'x' } })).not.toBe(one);
  });

  it('a config without secrets has the hash that it always had', () => {
    const plain = exporter('"${env:KEY}"');
    expect(hashOf(render({ body: plain, values: { k: 'a' } }))).toBe(hashOf(render({ body: plain })));
    expect(targetOf({ body: plain, values: { k: 'a' } })).toBe(targetOf({ body: plain }));
  });
});

it("another tenant's secrets cannot be named", () => {
  const secrets = new Map([['acme', secretsOf({ k: 'canary' })]]);
  const files = {
    'tenants/acme/tenant.yaml': 'kind: Tenant\n',
    'tenants/mallory/tenant.yaml': 'kind: Tenant\n',
    'tenants/mallory/edge.yaml': 'kind: AgentConfig\nselector: {}\nconfig: collector.yaml\n',
    'tenants/mallory/collector.yaml': exporter('$(secrets.k)'),
  };
  const { tenants } = validateRepo({ ...createMemoryRepo(files), now, secrets });
  expect(tenants.get('mallory')?.problems).toMatchObject([{ code: 'FR206', line: 6, tenant: 'mallory' }]);
});

it("a file's problems count against its own tenant alone", () => {
  const problem = {
    code: 'FR303',
    severity: 'error',
    file: 'tenants/acme/secrets.sops.yaml',
    line: 1,
    column: 1,
    message: 'x',
  } as const;
  const secrets = new Map([['acme', { digests: new Map([['k', '']]), problems: [problem] }]]);
  const files = {
    'tenants/acme/tenant.yaml': 'kind: Tenant\n',
    'tenants/acme/edge.yaml': 'kind: AgentConfig\nselector: {}\nconfig: collector.yaml\n',
    'tenants/acme/collector.yaml': exporter('$(secrets.k)'),
    'tenants/globex/tenant.yaml': 'kind: Tenant\n',
  };
  const { tenants } = validateRepo({ ...createMemoryRepo(files), now, secrets });
  expect(tenants.get('acme')?.problems.filter(isAboutSecrets)).toMatchObject([problem]);
  expect(tenants.get('globex')?.hasErrors).toBe(false);
});
