import { expect, it } from 'vitest';
import { matchRoute, withQuery } from '../../../ui/router.ts';

it.each([
  ['', 'overview', {}],
  ['t/acme', 'tenant', { tenant: 'acme' }],
  ['t/acme/agents', 'agents', { tenant: 'acme' }],
  ['agents/0192/why', 'agent', { uid: '0192', tab: 'why' }],
  ['rollouts/acme/edge', 'rollout', { tenant: 'acme', config: 'edge' }],
  ['rollouts/acme/package/otelcol', 'rollout', { tenant: 'acme', package: 'otelcol' }],
  ['rollouts/acme/edge/otelcol', 'not-found', {}],
  ['r/3f2a91c/t/acme', 'revision', { sha: '3f2a91c', tenant: 'acme' }],
  ['plans/3f2a91c/', 'plan', { sha: '3f2a91c' }],
  ['t/a%20b', 'tenant', { tenant: 'a b' }],
  ['t/%E0%A4%A', 'tenant', { tenant: '%E0%A4%A' }],
  ['t/', 'not-found', {}],
  ['agents/1/2/3', 'not-found', {}],
])('%s is the view %s', (path, view, params) => expect(matchRoute(path)).toEqual({ view, params }));

it('changes one member of the query and keeps the others', () => {
  const query = new URLSearchParams('sync=OutOfSync&tenant=acme');
  expect(withQuery('agents', query, { health: 'Degraded' })).toBe(
    'agents?sync=OutOfSync&tenant=acme&health=Degraded',
  );
  expect(withQuery('agents', query, { sync: '', tenant: '' })).toBe('agents');
});
