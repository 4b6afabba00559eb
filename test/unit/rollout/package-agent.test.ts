import { describe, expect, it } from 'vitest';
import type { AgentState, PackageProgress, PackageState, PackageStatuses } from '../../../src/model/index.ts';
import {
  asPackageAgent,
  endPackageFailures,
  judge,
  recordPackageStatuses,
} from '../../../src/rollout/index.ts';
import { agentOf, fullCapabilities, hashOf, healthOf } from '../../support/agents.ts';
import { minute, startedAt } from '../../support/rollouts.ts';

const rules = {
  soakMs: minute,
  healthTimeoutMs: 5 * minute,
  reportGraceMs: minute,
  failOnDrift: false,
  firstStep: false,
  startedAt,
  ledgerFrom: startedAt,
};
const offered = { hash: hashOf('p'), at: startedAt, firstAt: startedAt, connection: 'c1', denied: false };
const statuses = (...states: PackageState[]): PackageStatuses => ({
  offeredHash: hashOf('p'),
  errorMessage: '',
  packages: new Map(
    states.map((state, index) => [
      `pkg-${index}`,
      {
        name: `pkg-${index}`,
        hasVersion: '',
        hasHash: '',
        offeredVersion: '1',
        offeredHash: 'x',
        state,
        errorMessage: state === 'install-failed' ? 'no space' : '',
      },
    ]),
  ),
});

function judged(
  reported: PackageStatuses | undefined,
  after: number,
  over: Partial<AgentState> = {},
): string {
  const capabilities = fullCapabilities | 0x8 | 0x10;
  const agent = agentOf({
    capabilities,
    health: healthOf(true),
    healthSince: 0,
    packageProgress: { offered, failedHashes: [] },
    ...over,
  });
  const packageProgress = reported && recordPackageStatuses(agent, reported, undefined, startedAt);
  const one = { ...agent, ...(packageProgress && { packageProgress }) };
  return judge(asPackageAgent(one), hashOf('p'), rules, startedAt + after).kind;
}

describe('an agent and the packages that it was offered', () => {
  it.each<[string, PackageStatuses | undefined, number, string]>([
    ['is in flight from the offer on', undefined, minute, 'in-flight'],
    ['is in flight while one is downloading', statuses('installed', 'downloading'), minute, 'in-flight'],
    ['soaks when all are installed', statuses('installed', 'installed'), minute / 2, 'soaking'],
    [
      'settles well when all are installed and it stayed healthy',
      statuses('installed', 'installed'),
      minute,
      'settled',
    ],
    ['fails when one could not be installed', statuses('installed', 'install-failed'), 0, 'failed'],
    [
      'fails when the offer as a whole did',
      { ...statuses('installed'), errorMessage: 'bad offer' },
      0,
      'failed',
    ],
    ['fails when it does not answer in time', undefined, 8 * minute, 'failed'],
    [
      'is not judged by an older offer',
      { ...statuses('installed'), offeredHash: hashOf('o') },
      0,
      'in-flight',
    ],
  ])('%s', (_name, reported, after, expected) => {
    expect(judged(reported, after)).toBe(expected);
  });

  it('cannot confirm without ReportsPackageStatuses, whatever it says of configs', () => {
    expect(judged(undefined, 0, { capabilities: fullCapabilities | 0x8 })).toBe('cannot-confirm');
  });

  it('keeps when it was installed, and remembers the failure', () => {
    const first = recordPackageStatuses(agentOf(), statuses('installed'), undefined, 1);
    const again = recordPackageStatuses(
      agentOf({ packageProgress: first }),
      statuses('installed'),
      undefined,
      2,
    );
    expect(again).toMatchObject({ statusHashAt: 1, appliedAt: 1 });
    const failed = recordPackageStatuses(
      agentOf({ packageProgress: again }),
      statuses('install-failed'),
      undefined,
      3,
    );
    expect(failed.failedHashes).toEqual([{ hash: hashOf('p'), at: 3, reason: 'no space', version: '' }]);
    expect(failed.appliedAt).toBeUndefined();
  });

  it('is judged by what it says of the packages on offer, not of earlier ones or of none', () => {
    const offer = new Map([
      ['pkg-0', 'x'],
      ['pkg-1', 'y'],
    ]);
    const stateOf = (reported: PackageStatuses) =>
      recordPackageStatuses(agentOf(), reported, offer, 1).status?.state;
    expect(stateOf(statuses('installed'))).toBe('applying');
    expect(stateOf(statuses('installed', 'installed'))).toBe('applying');
    expect(stateOf(statuses('installed', 'install-failed'))).toBe('applying');
    expect(stateOf(statuses('install-failed'))).toBe('failed');
    const both = statuses('installed', 'installed');
    const second = both.packages.get('pkg-1');
    if (!second) throw new Error('no package');
    const packages = new Map(both.packages).set('pkg-1', { ...second, hasHash: 'y' });
    expect(stateOf({ ...both, packages })).toBe('applied');
  });

  it('ends a failure once the packages are installed and it is healthy, and not by another version', () => {
    const failed = recordPackageStatuses(agentOf(), statuses('install-failed'), undefined, 1);
    const newer = agentOf({ packageProgress: failed, labels: new Map([['service.version', '2']]) });
    const installing = recordPackageStatuses(newer, statuses('installing'), undefined, 2);
    expect(endPackageFailures(installing, true).failedHashes).toHaveLength(1);
    const installed = recordPackageStatuses(newer, statuses('installed'), undefined, 2);
    expect(endPackageFailures(installed, false).failedHashes).toHaveLength(1);
    expect(endPackageFailures(installed, true).failedHashes).toEqual([]);
  });

  it.each<[string, Partial<PackageProgress>, boolean]>([
    ['on its way to a package', {}, false],
    ['that has settled on it', { settling: { hash: hashOf('p'), since: 1, settledAt: 2 } }, true],
    ['that failed', { failedHashes: [{ hash: hashOf('p'), at: 1, reason: '', version: '' }] }, true],
  ])('says goodbye for good or to come back: one %s', (_name, over, gone) => {
    const packageProgress = { offered, failedHashes: [], ...over };
    const agent = agentOf({ capabilities: 0x8 | 0x10, connected: false, saidGoodbye: true, packageProgress });
    expect(asPackageAgent(agent).saidGoodbye).toBe(gone);
  });
});
