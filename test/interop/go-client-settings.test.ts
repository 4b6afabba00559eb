import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, inject, it, onTestFinished } from 'vitest';
import { eventuallyHolds } from '../support/eventually.ts';
import { makeTemporaryDir } from '../support/git-repo.ts';
import { acmeFiles, tokens } from '../support/secure-service.ts';
import { makeTlsListener } from '../support/tls-listener.ts';
import { startGoAgent } from './support/go-agent.ts';
import { startMuster } from './support/muster-process.ts';

const uid = '01936f2e-8c1a-7b42-9d55-0f3c6a7e1b21';
const { publicKey, privateKey } = generateKeyPairSync('ed25519');
const packageKey = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32).toString('base64');
const [selector, heartbeat] = ['selector: {matchLabels: {service.name: opamp-go-client}}', 2];
const platform = 'host.name=go-1,os.type=linux,host.arch=amd64';

function packageFile(version: string, body: string): string {
  const sha256 = createHash('sha256').update(body).digest('hex');
  const signature = sign(null, Buffer.from(body), privateKey).toString('base64');
  return [
    'kind: Package',
    selector,
    'rollout: immediate',
    `packages: {extra: {type: addon, version: ${version}, files: [`,
    `  {os: linux, arch: amd64, file: extra-${version}, sha256: ${sha256}, signature: "${signature}"}]}}`,
    '',
  ].join('\n');
}

const fleetFiles = {
  ...acmeFiles(),
  'tenants/acme/edge.yaml': `kind: AgentConfig\n${selector}\nconfig: edge/collector.yaml\nrollout: immediate\n`,
  'connections/default.yaml': `kind: Connection\nselector: {}\nopamp: {heartbeat: ${heartbeat}s, insist: true}\ncertificate: {lifetime: 24h}\n`,
  'packages/extra.yaml': packageFile('1.0.0', 'first'),
};

async function startFleet(scheme: 'wss' | 'https', ...flags: readonly string[]) {
  const folder = makeTemporaryDir();
  onTestFinished(() => folder.remove());
  const [hosted, installed] = [join(folder.path, 'hosted'), join(folder.path, 'installed')];
  for (const dir of [hosted, installed]) mkdirSync(dir);
  writeFileSync(join(hosted, 'extra-1.0.0'), 'first');
  writeFileSync(join(hosted, 'extra-2.0.0'), 'second');
  const { address, url, caFile, environment } = await makeTlsListener(folder.path, scheme);
  const service = await startMuster(fleetFiles, {
    opamp: address,
    environment: { ...environment, MUSTER_PACKAGES_DIR: hosted },
  });
  const connect = (token: string) =>
    startGoAgent(
      inject('peers'),
      { url, token, uid },
      ...['-settings', '-ca', caFile, '-packages', installed, '-package-key', packageKey],
      ...['-attributes', platform, ...flags],
    );
  return { service, connect, installed, [Symbol.asyncDispose]: () => service[Symbol.asyncDispose]() };
}

describe.each(['wss', 'https'] as const)('the Go client over %s, compressed', (scheme) => {
  it('enrolls with a CSR, comes back by its certificate, installs packages, restarts, and is cut off by a revocation', async () => {
    await using fleet = await startFleet(scheme, '-compression');
    const { service, installed } = fleet;
    await using agent = await fleet.connect(tokens.auto);
    agent.tell({ certificate: true });
    expect(await agent.event('opamp_settings')).toMatchObject({
      heartbeat,
      certificate: true,
      privateKey: false,
    });
    const first = service.repo.git('rev-parse', 'HEAD');
    await service.agent(({ connected, delivery }) => connected && delivery === 'applied');
    expect(await agent.event('installed')).toMatchObject({ name: 'extra', version: '1.0.0' });
    expect(readFileSync(join(installed, 'extra'), 'utf8')).toBe('first');
    await service.status(first, 'muster/fleet', 'success');
    const { connection, packages } = await service.detail(uid);
    expect(connection.certificate?.fingerprint).toMatch(/^[0-9a-f]{64}$/);
    expect(packages.status?.packages).toMatchObject([
      { name: 'extra', state: 'installed', version: '1.0.0' },
    ]);

    const upgrade = service.repo.commit({ 'packages/extra.yaml': packageFile('2.0.0', 'second') });
    expect((await service.status(upgrade, 'muster/fleet', 'success')).description).toBe(
      'packages: 1/1 installed',
    );
    expect(readFileSync(join(installed, 'extra'), 'utf8')).toBe('second');
    expect(agent.events('packages')).toHaveLength(2);
    expect(agent.events('opamp_settings')).toHaveLength(1);

    await service.act(`/agents/${uid}/restart`);
    expect(await agent.event('command')).toMatchObject({ type: 'CommandType_Restart' });

    service.repo.commit(acmeFiles(`revoked: [${connection.certificate?.fingerprint}]`));
    await service.agent(({ connected }) => !connected);
    const failures = () => agent.events('connect_failed').length + agent.events('log').length;
    await eventuallyHolds(() => expect(failures()).toBeGreaterThan(0));
    await service.agent(({ connected }) => !connected);
  });

  it('takes a certificate that it did not ask for, with its key', async () => {
    await using fleet = await startFleet(scheme);
    await using agent = await fleet.connect(tokens.full);
    expect(await agent.event('opamp_settings')).toMatchObject({
      certificate: true,
      privateKey: true,
      headers: [],
    });
    await eventuallyHolds(async () =>
      expect((await fleet.service.detail(uid)).connection).toMatchObject({
        status: { state: 'applied' },
        certificate: { fingerprint: expect.any(String) },
      }),
    );
    await fleet.service.agent(({ connected, delivery }) => connected && delivery === 'applied');
    expect(agent.events('opamp_settings')).toHaveLength(1);
  });

  it('fails the commit whose package it cannot install', async () => {
    await using fleet = await startFleet(scheme, '-break-packages');
    await using agent = await fleet.connect(tokens.full);
    const first = fleet.service.repo.git('rev-parse', 'HEAD');
    const status = await fleet.service.status(first, 'muster/fleet', 'failure');
    expect(status.description).toContain('packages: 1 failed: go-1');
    expect((await fleet.service.detail(uid)).packages.status?.packages).toMatchObject([
      { state: 'install-failed', error: expect.stringContaining('no space left on device') },
    ]);
    expect(agent.events('packages')).toHaveLength(1);
  });
});
