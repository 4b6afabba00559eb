import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { EventView, Page, RolloutView } from '../../../src/http-api/index.ts';
import { fullCapabilities, uidOf } from '../../support/agents.ts';
import { eventuallyHolds } from '../../support/eventually.ts';
import { makeTemporaryDir } from '../../support/git-repo.ts';
import { fetchBeginning, fetchPackage, isGenuine, statusesOf } from '../../support/package-agent.ts';
import { oneTenant, startTestService } from '../../support/service.ts';
import { connectSettingsAgent, packageCapabilities } from '../../support/settings-agent.ts';

const { publicKey, privateKey } = generateKeyPairSync('ed25519');
const linux = { 'os.type': 'linux', 'host.arch': 'amd64', 'host.name': 'web-1' };
const path = 'packages/otelcol.yaml';
const quick = 'kind: Rollout\nsteps: [{name: first, count: 1, soak: 0s}]\n';

/** A folder with two versions of a package, and the manifest that offers one of them for linux/amd64. */
function makePackages() {
  const folder = makeTemporaryDir();
  onTestFinished(() => folder.remove());
  mkdirSync(join(folder.path, 'otelcol'));
  const bodies = new Map(['1.0.0', '2.0.0'].map((version) => [version, Buffer.from(version.repeat(60_000))]));
  for (const [version, body] of bodies) writeFileSync(join(folder.path, 'otelcol', version), body);
  const manifest = (version: string, rollout = 'immediate') => {
    const body = bodies.get(version) ?? Buffer.alloc(0);
    return [
      'kind: Package',
      'selector: {matchLabels: {service.name: otelcol}}',
      `rollout: ${rollout}`,
      'packages:',
      '  otelcol:',
      `    version: ${version}`,
      '    files:',
      '      - os: linux',
      '        arch: amd64',
      `        file: otelcol/${version}`,
      `        sha256: ${createHash('sha256').update(body).digest('hex')}`,
      `        signature: ${sign(null, body, privateKey).toString('base64')}`,
      '',
    ].join('\n');
  };
  return { dir: folder.path, bodies, manifest };
}

async function startPackageService(version = '1.0.0', rollout = 'immediate') {
  const { dir, bodies, manifest } = makePackages();
  const service = await startTestService({
    files: { ...oneTenant, 'quick.yaml': quick, [path]: manifest(version, rollout) },
    environment: { MUSTER_PACKAGES_DIR: dir },
  });
  const connect = (
    number = 1,
    attributes: Readonly<Record<string, string>> = linux,
    capabilities = packageCapabilities,
  ) => connectSettingsAgent({ url: service.app().opampUrl, uid: uidOf(number), attributes, capabilities });
  const commit = (next: string) => service.repo.commit({ [path]: manifest(next, rollout) });
  return { service, bodies, connect, commit, [Symbol.asyncDispose]: () => service[Symbol.asyncDispose]() };
}

describe('a Package on the whole service', () => {
  it('is downloaded, verified and installed, with progress on the agent’s page, and fulfils the commit that changed it', async () => {
    await using fleet = await startPackageService();
    const { service, bodies } = fleet;
    await using agent = await fleet.connect();
    const offer = await agent.packages(1);
    const download = offer.packages.get('otelcol');
    if (!download) throw new Error('no package');
    const { status, body } = await fetchPackage(download);
    expect(status).toBe(200);
    expect(body.equals(bodies.get('1.0.0') ?? Buffer.alloc(0))).toBe(true);
    expect(isGenuine(download, body, publicKey)).toBe(true);
    agent.report({ packageStatuses: statusesOf(offer, 'downloading', { downloadPercent: 40 }) });
    await eventuallyHolds(async () =>
      expect((await service.agentDetail(uidOf(1))).packages).toMatchObject({
        manifest: 'otelcol',
        desiredHash: offer.hash,
        offered: { hash: offer.hash },
        status: {
          packages: [{ name: 'otelcol', state: 'downloading', offeredVersion: '1.0.0', downloadPercent: 40 }],
        },
      }),
    );
    agent.report({ packageStatuses: statusesOf(offer, 'installed') });
    await eventuallyHolds(async () =>
      expect((await service.agentDetail(uidOf(1))).packages.status?.packages).toMatchObject([
        { state: 'installed', version: '1.0.0' },
      ]),
    );

    const upgrade = fleet.commit('2.0.0');
    const next = await agent.packages(2);
    expect(next.packages.get('otelcol')?.version).toBe('2.0.0');
    expect((await service.status(upgrade, 'muster/fleet', 'pending')).description).toBe(
      'packages: 0/1 installed',
    );
    agent.report({ packageStatuses: statusesOf(next, 'installed') });
    expect((await service.status(upgrade, 'muster/fleet', 'success')).description).toBe(
      'packages: 1/1 installed',
    );

    const downgrade = fleet.commit('1.0.0');
    const back = await agent.packages(3);
    expect(back.hash).toBe(offer.hash);
    agent.report({ packageStatuses: statusesOf(back, 'installed') });
    await service.status(downgrade, 'muster/fleet', 'success');
    expect(agent.received.filter(({ packages }) => packages)).toHaveLength(3);
  });

  it('that cannot be installed fails its commit and leaves an event, and is not offered again', async () => {
    await using fleet = await startPackageService();
    const { service } = fleet;
    await using agent = await fleet.connect();
    const offer = await agent.packages(1);
    agent.report({ packageStatuses: statusesOf(offer, 'installed') });
    const upgrade = fleet.commit('2.0.0');
    const next = await agent.packages(2);
    agent.report({
      packageStatuses: statusesOf(next, 'install-failed', { errorMessage: 'token=hunter22 denied' }),
    });
    const { description } = await service.status(upgrade, 'muster/fleet', 'failure');
    expect(description).toBe('packages: 1 failed: web-1');
    expect((await service.note(upgrade)).tenants.default?.failures).toMatchObject([
      { uid: uidOf(1), host: 'web-1', reason: 'package not installed' },
    ]);
    expect((await service.agentDetail(uidOf(1))).packages.status?.packages).toMatchObject([
      { state: 'install-failed', error: 'token=[REDACTED] denied' },
    ]);
    const { items } = await service.get<Page<EventView>>('/api/v1/events/history');
    expect(items.filter(({ kind }) => kind === 'package-failed')).toMatchObject([
      { uid: uidOf(1), message: 'not installed: otelcol 2.0.0' },
    ]);
    agent.report({ packageStatuses: statusesOf(next, 'install-failed') });
    expect(agent.received.filter(({ packages }) => packages)).toHaveLength(2);
  });

  it('goes back to the version before where its first agent cannot install it, and hosts that one for it', async () => {
    await using fleet = await startPackageService('1.0.0', 'quick');
    const { service } = fleet;
    await using agent = await fleet.connect();
    const offer = await agent.packages(1);
    agent.report({ packageStatuses: statusesOf(offer, 'installed') });
    await eventuallyHolds(async () => {
      const { items } = await service.get<Page<RolloutView>>('/api/v1/rollouts');
      expect(items.find(({ kind }) => kind === 'Package')).toMatchObject({ phase: 'passed' });
    });
    const upgrade = fleet.commit('2.0.0');
    const next = await agent.packages(2);
    agent.report({ packageStatuses: statusesOf(next, 'install-failed') });
    const back = await agent.packages(3);
    expect(back.hash).toBe(offer.hash);
    const [download, failed] = [back, next].map(({ packages }) => packages.get('otelcol'));
    if (!download || !failed) throw new Error('no package');
    expect((await fetchPackage(download)).status).toBe(200);
    expect((await fetchPackage(failed)).status).toBe(403);
    agent.report({ packageStatuses: statusesOf(back, 'installed') });
    expect((await service.status(upgrade, 'muster/fleet', 'failure')).description).toMatch(
      /^packages: 1 failed, roll(s|ed) back to [0-9a-f]{7}: web-1 package not installed$/,
    );
  });

  it('is fetched on from where a download broke off', async () => {
    await using fleet = await startPackageService();
    await using agent = await fleet.connect();
    const download = (await agent.packages(1)).packages.get('otelcol');
    if (!download) throw new Error('no package');
    const beginning = await fetchBeginning(download, 100_000);
    const { status, body } = await fetchPackage(download, beginning.length);
    expect(status).toBe(206);
    expect(isGenuine(download, Buffer.concat([beginning, body]), publicKey)).toBe(true);
  });

  it('is given to the agent that it was offered to, while it is, and to nobody else', async () => {
    await using fleet = await startPackageService();
    await using agent = await fleet.connect();
    const download = (await agent.packages(1)).packages.get('otelcol');
    if (!download) throw new Error('no package');
    const url = new URL(download.downloadUrl);
    url.searchParams.set('uid', uidOf(2));
    const { status, body } = await fetchPackage({ ...download, downloadUrl: url.href });
    expect([status, body.includes('1.0.0')]).toEqual([403, false]);
    const late = new URL(download.downloadUrl);
    late.searchParams.set('expires', '1');
    expect((await fetchPackage({ ...download, downloadUrl: late.href })).status).toBe(403);
    const upgrade = fleet.commit('2.0.0');
    await agent.packages(2);
    expect((await fetchPackage(download)).status).toBe(403);
    await fleet.service.status(upgrade, 'muster/fleet', 'pending');
  });

  it('is held from an agent on a platform without a file, whose page says why, and fails the commit', async () => {
    await using fleet = await startPackageService();
    const { service } = fleet;
    await using arm = await fleet.connect(1, { ...linux, 'host.arch': 'arm64' });
    await using unaware = await fleet.connect(2, linux, fullCapabilities);
    await eventuallyHolds(async () =>
      expect((await service.agentDetail(uidOf(1))).packages).toMatchObject({
        manifest: 'otelcol',
        desiredHash: null,
        reason: 'package "otelcol" has no file for linux/arm64',
        offered: null,
      }),
    );
    const upgrade = fleet.commit('2.0.0');
    expect((await service.status(upgrade, 'muster/fleet', 'failure')).description).toBe(
      'packages: 1 agent held, no file to offer them',
    );
    expect(arm.received.concat(unaware.received).some(({ packages }) => packages)).toBe(false);
  });

  it('that the server does not hold, or that is not what its checksum says, reaches nobody', async () => {
    await using fleet = await startPackageService();
    const { service } = fleet;
    await using agent = await fleet.connect();
    const offer = await agent.packages(1);
    const wrong = fleet.service.repo.commit({
      [path]: makePackages().manifest('2.0.0').replace('otelcol/2.0.0', 'otelcol/1.0.0'),
    });
    const next = await agent.packages(2);
    expect(next.hash).not.toBe(offer.hash);
    const download = next.packages.get('otelcol');
    expect(download && (await fetchPackage(download)).status).toBe(404);
    agent.report({
      packageStatuses: statusesOf(next, 'install-failed', { errorMessage: 'HTTP response=404' }),
    });
    await service.status(wrong, 'muster/fleet', 'failure');
  });
});
