import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hashToken } from '../../../src/credentials/index.ts';
import type { Page } from '../../../src/http-api/index.ts';
import type { Problem } from '../../../src/model/index.ts';
import { eventuallyHolds } from '../../support/eventually.ts';
import { makeTemporaryDir } from '../../support/git-repo.ts';
import { startTestService, type TestService } from '../../support/service.ts';
import { createAgeKey, writeSopsFile } from '../../support/sops.ts';

/** Mallory has a tenant and a key of her own beside acme, and wants what acme's secrets hold. */
const canary = 'canary-of-acme-1b7d';
const tenantFile = (token: string) =>
  `kind: Tenant\nenrollment:\n  - {name: edge, tokenSha256: ${hashToken(token)}}\n`;
const edge = 'kind: AgentConfig\nselector: {}\nconfig: collector.yaml\nrollout: immediate\n';
const collector = (value: string) => `receivers: {otlp: {protocols: {grpc: {}}}}
exporters: {otlp_http: {endpoint: "https://collector.example.com", headers: {x-key: "${value}"}}}
service: {pipelines: {traces: {receivers: [otlp], exporters: [otlp_http]}}}
`;

describe('secrets of several tenants', () => {
  const folder = makeTemporaryDir();
  const keysDir = join(folder.path, 'keys');
  let service: TestService;
  let acmeFile = '';
  let mallory: Awaited<ReturnType<typeof createAgeKey>>;
  const got = { acme: '', mallory: '' };

  const problemsOf = async (tenant: string) =>
    (await service.get<Page<Problem>>('/api/v1/problems')).items.filter(
      (problem) => problem.severity === 'error' && problem.file.startsWith(`tenants/${tenant}/`),
    );
  const expectProblem = (tenant: string, code: string) =>
    eventuallyHolds(async () => expect(await problemsOf(tenant)).toMatchObject([{ code }]), 15_000);

  beforeAll(async () => {
    const acme = await createAgeKey();
    mallory = await createAgeKey();
    mkdirSync(keysDir);
    writeFileSync(join(keysDir, 'acme.txt'), acme.identity);
    writeFileSync(join(keysDir, 'mallory.txt'), mallory.identity);
    acmeFile = await writeSopsFile({ key: canary }, { recipients: [acme.recipient] });
    service = await startTestService({
      files: {
        'tenants/acme/tenant.yaml': tenantFile('alice'),
        'tenants/acme/secrets.sops.yaml': acmeFile,
        'tenants/acme/edge.yaml': edge,
        'tenants/acme/collector.yaml': collector('$(secrets.key)'),
        'tenants/mallory/tenant.yaml': tenantFile('mallory'),
        'tenants/mallory/edge.yaml': edge,
        'tenants/mallory/collector.yaml': collector('plain'),
      },
      environment: { MUSTER_SECRETS_KEYS_DIR: keysDir },
    });
    for (const [tenant, token] of [
      ['acme', 'alice'],
      ['mallory', 'mallory'],
    ] as const)
      service.agent({
        token,
        attributes: { 'service.name': 'otelcol' },
        refuse(config) {
          got[tenant] = config;
          return undefined;
        },
      });
    await eventuallyHolds(() => expect(got.acme).toContain(canary), 15_000);
    await eventuallyHolds(() => expect(got.mallory).toContain('plain'), 15_000);
  }, 40_000);

  afterAll(async () => {
    await service[Symbol.asyncDispose]();
    folder.remove();
  });

  it("another's secret cannot be named", async () => {
    service.repo.commit({ 'tenants/mallory/collector.yaml': collector('$(secrets.key)') });
    await expectProblem('mallory', 'FR206');
    service.repo.commit({ 'tenants/mallory/collector.yaml': collector('$(secrets.acme.key)') });
    await expectProblem('mallory', 'FR206');
  });

  it("another's file does not open in her folder", async () => {
    service.repo.commit({
      'tenants/mallory/secrets.sops.yaml': acmeFile,
      'tenants/mallory/collector.yaml': collector('$(secrets.key)'),
    });
    await expectProblem('mallory', 'FR304');
  });

  it('not with a recipient of her own either', async () => {
    const own = JSON.parse(await writeSopsFile({ key: 'x' }, { recipients: [mallory.recipient] }));
    const stolen = JSON.parse(acmeFile);
    stolen.sops.age.push(...own.sops.age);
    service.repo.commit({ 'tenants/mallory/secrets.sops.yaml': JSON.stringify(stolen) });
    await expectProblem('mallory', 'FR305');
    const swapped = { ...own, key: stolen.key };
    service.repo.commit({ 'tenants/mallory/secrets.sops.yaml': JSON.stringify(swapped) });
    await eventuallyHolds(async () =>
      expect(await problemsOf('mallory')).toMatchObject([
        { code: 'FR305', message: expect.stringContaining('"key"') },
      ]),
    );
  });

  it('a path out of her folder names no file', async () => {
    service.repo.commit({
      'tenants/mallory/secrets.sops.yaml': await writeSopsFile(
        { key: 'own-value' },
        { recipients: [mallory.recipient] },
      ),
      'tenants/mallory/edge.yaml': edge.replace(
        'collector.yaml',
        '[collector.yaml, ../acme/secrets.sops.yaml]',
      ),
    });
    await eventuallyHolds(
      async () => expect((await problemsOf('mallory')).length).toBeGreaterThan(0),
      15_000,
    );
    expect(JSON.stringify(await problemsOf('mallory'))).not.toContain('ENC[');
  });

  it('meanwhile her agent got none of it, and acme noticed nothing', async () => {
    expect(got.mallory).not.toMatch(/canary|ENC\[|secret/);
    expect(await problemsOf('acme')).toEqual([]);
    expect((await service.agents('tenant=acme')).map(({ delivery }) => delivery)).toEqual(['applied']);
  });

  it('with her own file and key she gets her own value', async () => {
    service.repo.commit({ 'tenants/mallory/edge.yaml': edge });
    await eventuallyHolds(() => expect(got.mallory).toContain('own-value'), 15_000);
    expect(got.mallory).not.toContain('canary');
  });

  it('a server that has lost a key sends nothing else instead, and goes on when it has it again', async () => {
    const before = got.acme;
    renameSync(join(keysDir, 'acme.txt'), join(keysDir, 'lost'));
    await service.restart();
    await eventuallyHolds(async () => {
      const [agent] = await service.agents('tenant=acme');
      expect(agent).toMatchObject({ connected: true, config: 'edge' });
    }, 15_000);
    await expectProblem('acme', 'FR303');
    renameSync(join(keysDir, 'lost'), join(keysDir, 'acme.txt'));
    await service.restart();
    await eventuallyHolds(async () => {
      expect((await service.agents('tenant=acme')).map(({ delivery }) => delivery)).toEqual(['applied']);
    }, 15_000);
    expect(got.acme).toBe(before);
    expect(await problemsOf('acme')).toEqual([]);
  });

  it('a tenant without a key on the server is told so, keeps what it had, and stops nobody', async () => {
    const stranger = await createAgeKey();
    service.repo.commit({
      'tenants/globex/tenant.yaml': tenantFile('gustav'),
      'tenants/globex/secrets.sops.yaml': await writeSopsFile(
        { key: 'x' },
        { recipients: [stranger.recipient] },
      ),
      'tenants/acme/collector.yaml': collector('$(secrets.key)-next'),
    });
    await expectProblem('globex', 'FR303');
    await eventuallyHolds(() => expect(got.acme).toContain(`${canary}-next`), 15_000);
  });

  it('a key that the server is given later opens the file at the next commit', async () => {
    const late = await createAgeKey();
    writeFileSync(join(keysDir, 'globex.txt'), late.identity);
    service.repo.commit({
      'tenants/globex/secrets.sops.yaml': await writeSopsFile({ key: 'x' }, { recipients: [late.recipient] }),
    });
    await eventuallyHolds(async () => expect(await problemsOf('globex')).toEqual([]), 15_000);
  });
});
