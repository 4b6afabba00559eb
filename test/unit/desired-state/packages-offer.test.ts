import { describe, expect, it } from 'vitest';
import { composePackagesOffer, computePackagesKey, platformOf } from '../../../src/desired-state/index.ts';
import type { OfferedPackage, PackageFile, PackagesOffer } from '../../../src/model/index.ts';
import { offeredPackage, packageManifest } from './manifests.ts';

const linux = { os: 'linux', arch: 'amd64' };
const agent = offeredPackage('1.2.3', ['linux/amd64', 'windows/amd64']);
const addon: OfferedPackage = { ...offeredPackage('0.1.0', ['linux/amd64']), type: 'addon' };

function download(file: PackageFile, base = 'https://muster.example/') {
  const path = file.source.kind === 'file' ? file.source.path : file.source.url;
  return { url: base + path, headers: [['X-Agent', 'a']] as const };
}

function offerOf(packages: Readonly<Record<string, OfferedPackage>>, base?: string): PackagesOffer {
  const result = composePackagesOffer(packageManifest(packages), linux, (file) => download(file, base));
  if (result.kind !== 'offer') throw new Error(result.reason);
  return result.offer;
}

describe('the packages on offer', () => {
  it('are the complete set for the agent’s platform', () => {
    const offer = offerOf({ agent, addon });
    expect([...offer.packages.keys()]).toEqual(['addon', 'agent']);
    expect(offer.packages.get('agent')).toEqual({
      type: 'agent',
      version: '1.2.3',
      downloadUrl: 'https://muster.example/1.2.3-linux-amd64',
      contentSha256: 'ab'.repeat(32),
      headers: [['X-Agent', 'a']],
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(offer.hash).toMatch(/^[0-9a-f]{64}$/);
  });

  it('are none of them where one has no file for the platform: an agent would delete what is missing', () => {
    const windows = { os: 'windows', arch: 'amd64' };
    expect(composePackagesOffer(packageManifest({ agent, addon }), windows, download)).toEqual({
      kind: 'held',
      reason: 'package "addon" has no file for windows/amd64',
    });
  });

  it('are none where the agent does not say its platform, or the server lacks the file', () => {
    expect(composePackagesOffer(packageManifest({ agent }), undefined, download)).toMatchObject({
      kind: 'held',
      reason: expect.stringContaining('os.type'),
    });
    expect(composePackagesOffer(packageManifest({ agent }), linux, () => undefined)).toMatchObject({
      kind: 'held',
      reason: expect.stringContaining('does not have its file'),
    });
  });

  it('have a detached signature where the manifest has one', () => {
    const signed = { ...agent, files: agent.files.map((file) => ({ ...file, signature: 'c2ln' })) };
    expect(offerOf({ agent: signed }).packages.get('agent')?.signature).toBe('c2ln');
  });
});

describe('their hashes', () => {
  const before = offerOf({ agent, addon });
  const variants: readonly (readonly [string, OfferedPackage])[] = [
    ['version', { ...agent, version: '1.2.4' }],
    ['content', { ...agent, files: agent.files.map((file) => ({ ...file, sha256: 'cd'.repeat(32) })) }],
    ['signature', { ...agent, files: agent.files.map((file) => ({ ...file, signature: 'c2ln' })) }],
    ['type', { ...agent, type: 'addon' }],
  ];

  it.each(variants)('cover the %s', (_what, changed) => {
    const after = offerOf({ agent: changed, addon });
    expect(after.hash).not.toBe(before.hash);
    expect(after.packages.get('agent')?.hash).not.toBe(before.packages.get('agent')?.hash);
    expect(after.packages.get('addon')?.hash).toBe(before.packages.get('addon')?.hash);
  });

  it('cover the set', () => {
    expect(offerOf({ agent }).hash).not.toBe(before.hash);
    expect(offerOf({ other: agent, addon }).hash).not.toBe(before.hash);
  });

  it('do not depend on where a file is fetched, nor on the order of the manifest', () => {
    expect(offerOf({ addon, agent }, 'https://mirror.example/').hash).toBe(before.hash);
  });
});

it('a platform is what the agent reports of both', () => {
  expect(
    platformOf(
      new Map([
        ['os.type', 'linux'],
        ['host.arch', 'arm64'],
      ]),
    ),
  ).toEqual({ os: 'linux', arch: 'arm64' });
  expect(platformOf(new Map([['os.type', 'linux']]))).toBeUndefined();
  expect(
    platformOf(
      new Map<string, string | string[]>([
        ['os.type', ['linux']],
        ['host.arch', 'arm64'],
      ]),
    ),
  ).toBeUndefined();
});

describe('what a Package asks for', () => {
  const keyOf = (packages: Readonly<Record<string, OfferedPackage>>) =>
    computePackagesKey(packageManifest(packages));
  const before = keyOf({ agent, addon });

  it('is the same whatever the order of packages and files, and wherever they lie', () => {
    const moved = agent.files.map((file) => ({ ...file, source: { kind: 'file', path: 'x' } as const }));
    expect(keyOf({ addon, agent: { ...agent, files: moved.reverse() } })).toBe(before);
  });

  it.each<[string, Readonly<Record<string, OfferedPackage>>]>([
    ['a version', { agent: { ...agent, version: '1.2.4' }, addon }],
    ['a type', { agent: { ...agent, type: 'addon' }, addon }],
    ['a name', { other: agent, addon }],
    ['a platform less', { agent: { ...agent, files: agent.files.slice(1) }, addon }],
    [
      'the content of one file',
      {
        agent: { ...agent, files: agent.files.map((file) => ({ ...file, sha256: 'cd'.repeat(32) })) },
        addon,
      },
    ],
    [
      'a signature',
      { agent: { ...agent, files: agent.files.map((file) => ({ ...file, signature: 'c2ln' })) }, addon },
    ],
  ])('changes with %s', (_name, packages) => {
    expect(keyOf(packages)).not.toBe(before);
  });
});
