import { describe, expect, it } from 'vitest';
import { describeBuildWarnings } from '../../../src/reconciler/view/build-warnings.ts';

type World = Parameters<typeof describeBuildWarnings>[0];
type Entry = Parameters<typeof describeBuildWarnings>[1];

interface Case {
  readonly labels?: Readonly<Record<string, string>>;
  readonly known?: readonly string[];
  readonly needs: readonly string[];
  readonly requires?: readonly string[];
  readonly assigned?: false;
}

function warningsOf({ labels = {}, known, needs, requires = [], assigned }: Case): readonly string[] {
  const world = {
    components: { of: () => known && new Set(known) },
    inForce: new Map([['acme', { configs: new Map([['edge', { requires: { components: requires } }]]) }]]),
    renderings: { get: () => ({ kind: 'rendered', config: { components: needs } }) },
  } as unknown as World;
  const entry = {
    agent: { tenant: 'acme', type: 'otelcol', labels: new Map(Object.entries(labels)) },
    assignment:
      assigned === false ? { kind: 'unmanaged' } : { kind: 'assigned', config: 'edge', renderKey: 'k' },
  } as unknown as Entry;
  return describeBuildWarnings(world, entry);
}

const core = { 'service.name': 'otelcol', 'service.version': '0.159.0' };

describe('warnings about an agent’s build', () => {
  it('tells which components an official build of this version most likely lacks', () => {
    expect(warningsOf({ labels: core, needs: ['exporter/debug', 'processor/tail_sampling'] })).toEqual([
      'its build may lack processor/tail_sampling (processor/tail_sampling: in: contrib, k8s)',
    ]);
  });

  it('counts what requires.components asks for', () => {
    expect(warningsOf({ labels: core, needs: [], requires: ['receiver/redis'] })).toHaveLength(1);
  });

  it.each<[string, Case]>([
    ['the build has everything', { labels: core, needs: ['exporter/debug'] }],
    ['the build is nobody’s official one', { labels: { 'service.name': 'mine' }, needs: ['receiver/redis'] }],
    [
      'the build says that it lacks it, which holds the config',
      { known: ['exporter/debug'], needs: ['receiver/redis'] },
    ],
    ['the agent has no config', { labels: core, needs: ['receiver/redis'], assigned: false }],
  ])('says nothing where %s', (_why, given) => {
    expect(warningsOf(given)).toEqual([]);
  });
});
