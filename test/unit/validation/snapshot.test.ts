import { describe, expect, it } from 'vitest';
import type { BlobId, Snapshot } from '../../../src/model/index.ts';
import { createRepoValidator, validateRepo } from '../../../src/validation/index.ts';
import { createMemoryRepo } from '../../support/memory-repo.ts';

const now = Date.UTC(2026, 10, 22);
const body = `receivers: {otlp: {protocols: {grpc: {}}}}
processors: {memory_limiter: {check_interval: 1s, limit_mib: 100}}
exporters: {debug: {}}
service: {pipelines: {logs: {receivers: [otlp], processors: [memory_limiter], exporters: [debug]}}}
`;
const edge = 'kind: AgentConfig\nselector: {matchLabels: {role: edge}}\nconfig: body.yaml\n';
const token = 'ab'.repeat(32);
const tenantWithToken = `kind: Tenant\nenrollment: [{name: a, tokenSha256: ${token}}]\n`;

type Files = Readonly<Record<string, string>>;

const two: Files = {
  'fleet.yaml': 'kind: Fleet\nsharedPaths: [base]\ndefaults: [base/agents/*.yaml]\n',
  'base/agents/all.yaml': 'kind: AgentConfig\nselector: {}\nconfig: /base/all.yaml\n',
  'base/all.yaml': body,
  'tenants/acme/tenant.yaml': 'kind: Tenant\n',
  'tenants/acme/edge.yaml': edge,
  'tenants/acme/body.yaml': body,
  'tenants/globex/tenant.yaml': 'kind: Tenant\n',
  'tenants/globex/edge.yaml': edge,
  'tenants/globex/body.yaml': body,
};

function validate(files: Files, inForce?: ReadonlyMap<string, string>): Snapshot {
  return validateRepo({ ...createMemoryRepo(files), now, ...(inForce ? { inForce } : {}) });
}

function withErrors(snapshot: Snapshot): readonly string[] {
  return [...snapshot.tenants.values()].filter((tenant) => tenant.hasErrors).map(({ name }) => name);
}

describe('isolation', () => {
  it('a fault in one tenant leaves the others alone', () => {
    const broken = validate({ ...two, 'tenants/acme/edge.yaml': `${edge}priority: high\n` });
    expect(withErrors(broken)).toEqual(['acme']);
    expect(broken.tenants.get('acme')?.configs.map(({ name }) => name)).toEqual(['all']);
    expect(broken.tenants.get('globex')).toEqual({
      ...validate(two).tenants.get('globex'),
      revision: broken.revision,
    });
  });

  it('YAML that does not parse stays with its tenant', () => {
    expect(withErrors(validate({ ...two, 'tenants/acme/tenant.yaml': 'kind: Tenant\nvars: [\n' }))).toEqual([
      'acme',
    ]);
  });

  it.each([
    [
      'the fleet',
      'fleet.yaml',
      'kind: Fleet\nunknown: 1\nsharedPaths: [base]\ndefaults: [base/agents/*.yaml]\n',
    ],
    ['a default', 'base/agents/all.yaml', 'kind: AgentConfig\nselector: {}\nconfig: /base/none.yaml\n'],
    ['a default that does not parse', 'base/agents/all.yaml', 'kind: AgentConfig\nselector: [\n'],
  ])('a fault in %s counts against every tenant and is told once', (_what, path, text) => {
    const snapshot = validate({ ...two, [path]: text });
    expect(withErrors(snapshot)).toEqual(['acme', 'globex']);
    const errors = snapshot.problems.filter(({ severity }) => severity === 'error');
    expect(errors[0]).toMatchObject({ file: path, tenants: ['acme', 'globex'] });
    expect(errors[0]).not.toHaveProperty('tenant');
    const keys = errors.map(({ code, line, column, message }) => `${code} ${line}:${column} ${message}`);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('a Rollout at the root counts against the tenants that use it', () => {
    const files = {
      ...two,
      'rollouts/careful.yaml': 'kind: Rollout\nsteps: []\n',
      'tenants/acme/edge.yaml': `${edge}rollout: careful\n`,
    };
    expect(withErrors(validate(files))).toEqual(['acme']);
  });

  it('what nobody uses holds nobody back', () => {
    const snapshot = validate({ ...two, 'elsewhere/edge.yaml': edge });
    expect(withErrors(snapshot)).toEqual([]);
    expect(snapshot.problems.map(({ code, tenant }) => [code, tenant])).toEqual([['FR003', undefined]]);
  });
});

describe('layouts', () => {
  it('a repo without tenants/ is the tenant default', () => {
    const snapshot = validate({ 'edge.yaml': edge, 'body.yaml': body });
    expect(snapshot.problems).toEqual([]);
    expect([...snapshot.tenants.keys()]).toEqual(['default']);
    const tenant = snapshot.tenants.get('default')!;
    expect(tenant.manifest.file).toBeUndefined();
    expect(tenant.configs[0]).toMatchObject({
      name: 'edge',
      tenant: 'default',
      type: 'otelcol',
      priority: 0,
    });
  });

  it('its optional tenant.yaml is its Tenant', () => {
    const snapshot = validate({ 'edge.yaml': edge, 'body.yaml': body, 'tenant.yaml': tenantWithToken });
    expect(snapshot.problems).toEqual([]);
    expect(snapshot.tenants.get('default')?.manifest.enrollment).toHaveLength(1);
  });

  it('an empty repo is one tenant without AgentConfigs', () => {
    const snapshot = validate({});
    expect(snapshot.problems).toEqual([]);
    expect([...snapshot.tenants.values()].map(({ configs }) => configs)).toEqual([[]]);
  });

  it('inline bodies and lists of paths become layers with positions', () => {
    const text = 'kind: AgentConfig\nselector: {}\nconfig:\n  - body.yaml\n  - {exporters: {debug: {}}}\n';
    const config = validate({ 'edge.yaml': text, 'body.yaml': body }).tenants.get('default')?.configs[0];
    expect(config?.layers.map(({ kind, at }) => [kind, at.line, at.column])).toEqual([
      ['file', 4, 5],
      ['inline', 5, 5],
    ]);
  });
});

describe('credentials', () => {
  const both = {
    ...two,
    'tenants/acme/tenant.yaml': tenantWithToken,
    'tenants/globex/tenant.yaml': tenantWithToken.replace('name: a', 'name: stolen'),
  };

  it('stay with the tenant that had them in force', () => {
    const owners = new Map([[token, 'acme']]);
    const snapshot = validate(both, owners);
    expect(withErrors(snapshot)).toEqual(['globex']);
    expect(snapshot.tenants.get('acme')?.manifest.enrollment).toHaveLength(1);
    expect(snapshot.tenants.get('globex')?.manifest.enrollment).toEqual([]);
  });

  it('are nobody’s where both are new, or where the owner is neither', () => {
    for (const owners of [new Map(), new Map([[token, 'initech']])]) {
      const snapshot = validate(both, owners);
      expect(withErrors(snapshot)).toEqual(['acme', 'globex']);
      expect([...snapshot.tenants.values()].map(({ manifest }) => manifest.enrollment)).toEqual([[], []]);
    }
  });

  it('move when the owner gives them up', () => {
    const moved = { ...two, 'tenants/globex/tenant.yaml': tenantWithToken };
    expect(withErrors(validate(moved, new Map([[token, 'acme']])))).toEqual([]);
  });

  it('are read even where another part of the file is wrong', () => {
    const snapshot = validate({ ...two, 'tenants/acme/tenant.yaml': `${tenantWithToken}vras: {}\n` });
    expect(withErrors(snapshot)).toEqual(['acme']);
    expect(snapshot.tenants.get('acme')?.manifest.enrollment).toHaveLength(1);
  });
});

describe('input hashes', () => {
  const hashes = (files: Files) => {
    const { tenants } = validate(files);
    const list = [...tenants.values()].map((tenant) => [
      tenant.name,
      tenant.inputsHash,
      ...tenant.configs.map((config) => `${config.name} ${config.inputsHash}`),
    ]);
    return new Map(list.map(([name, ...rest]) => [name, rest]));
  };
  const before = hashes(two);

  it.each([
    ['a comment in a manifest', { 'tenants/acme/edge.yaml': `# why\n${edge}` }],
    [
      'a reformatted manifest',
      {
        'tenants/acme/edge.yaml': edge.replace(
          '{matchLabels: {role: edge}}',
          '\n  matchLabels:\n    role: edge',
        ),
      },
    ],
    ['a file that is not YAML', { 'README.md': 'hello' }],
  ])('%s changes nothing', (_what, change) => {
    expect(hashes({ ...two, ...change })).toEqual(before);
  });

  it.each([
    ['a body', { 'tenants/acme/body.yaml': `${body}# more\n` }, 'edge'],
    ['an attempt', { 'tenants/acme/edge.yaml': `${edge}attempt: 1\n` }, 'edge'],
    ['a variable', { 'tenants/acme/edge.yaml': `${edge}vars: {a: 1}\n` }, 'edge'],
  ])('%s changes its AgentConfig and its tenant, and nothing else', (_what, change, name) => {
    const after = hashes({ ...two, ...change });
    expect(after.get('globex')).toEqual(before.get('globex'));
    const changed = after.get('acme')!.filter((hash, index) => hash !== before.get('acme')![index]);
    expect(changed).toHaveLength(2);
    expect(changed.some((hash) => hash!.startsWith(`${name} `))).toBe(true);
  });

  it('a selector changes the tenant, not what is rendered', () => {
    const after = hashes({ ...two, 'tenants/acme/edge.yaml': edge.replace('role: edge', 'role: edges') });
    const changed = after.get('acme')!.filter((hash, index) => hash !== before.get('acme')![index]);
    expect(changed).toEqual([after.get('acme')![0]]);
  });
});

describe('a validator that sees many revisions', () => {
  it('gives what a fresh one gives', () => {
    const blobs = new Map<BlobId, Uint8Array>();
    const validator = createRepoValidator({ readBlob: (id) => blobs.get(id) });
    for (const files of [two, { ...two, 'tenants/acme/edge.yaml': `${edge}priority: high\n` }, two]) {
      const repo = createMemoryRepo(files);
      for (const { blob } of repo.content.entries) blobs.set(blob, repo.readBlob(blob)!);
      expect(validator.validate({ content: repo.content, now })).toEqual(validate(files));
    }
  });
});

describe('agent types that take files', () => {
  it('read named entries with their content type', () => {
    const text = `kind: AgentConfig
type: raw
selector: {}
files:
  agent.json: a.txt
  other.conf: {path: [a.txt, b.txt], contentType: application/toml}
`;
    const snapshot = validate({ 'edge.yaml': text, 'a.txt': '{}', 'b.txt': 'x' });
    expect(snapshot.problems).toEqual([]);
    const files = snapshot.tenants.get('default')?.configs[0]?.files;
    expect(files?.map(({ key, contentType, layers }) => [key, contentType, layers.length])).toEqual([
      ['agent.json', 'application/json', 1],
      ['other.conf', 'application/toml', 2],
    ]);
  });

  it('an EDOT SDK takes flat settings', () => {
    const text = 'kind: AgentConfig\ntype: edot-sdk\nselector: {}\nconfig: settings.yaml\n';
    const codes = (settings: string) =>
      validate({ 'sdk.yaml': text, 'settings.yaml': settings }).problems.map(({ code }) => code);
    expect(codes('logging_level: debug\n')).toEqual([]);
    expect(codes('logging_level: [debug]\n')).toEqual(['FR204']);
  });
});
