import type { Fleet } from './fleet.ts';

/** Every view and its states on the fleet of `startFleet`. */
export const viewNames = [
  'overview',
  'tenants',
  'tenant',
  'config',
  'config rendered',
  'config layers',
  'config of nobody',
  'agents',
  'agents of nobody',
  'agent',
  'agent that failed',
  'agent desired',
  'agent why',
  'agent events',
  'rollouts',
  'rollout',
  'revisions',
  'revision',
  'revision of a tenant',
  'revision not seen',
  'plan not made',
  'problems',
  'events',
  'sign-in',
  'no such page',
] as const;

export type ViewName = (typeof viewNames)[number];

/** Where the page shows them. */
export async function addressesOf(fleet: Fleet): Promise<(name: ViewName) => string> {
  const agents = await fleet.agents();
  const uidOf = (host: string) => agents.find((agent) => agent.host === host)?.uid ?? '';
  const paths: Readonly<Record<ViewName, string>> = {
    overview: '',
    tenants: 'tenants',
    tenant: 't/default',
    config: 't/default/c/gateway',
    'config rendered': 't/default/c/gateway/rendered',
    'config layers': 't/default/c/gateway/layers',
    'config of nobody': 't/default/c/spare',
    agents: 'agents?sync=Synced',
    'agents of nobody': 'agents?q=nobody',
    agent: `agents/${uidOf('edge-1')}`,
    'agent that failed': `agents/${uidOf('broken-7')}`,
    'agent desired': `agents/${uidOf('edge-1')}/desired`,
    'agent why': `agents/${uidOf('edge-1')}/why`,
    'agent events': `agents/${uidOf('edge-1')}/events`,
    rollouts: 'rollouts',
    rollout: 'rollouts/default/gateway',
    revisions: 'revisions',
    revision: `r/${fleet.sha}`,
    'revision of a tenant': `r/${fleet.sha}/t/default`,
    'revision not seen': 'r/1234567',
    'plan not made': `plans/${fleet.sha}`,
    problems: 'problems',
    events: 'events',
    'sign-in': 'sign-in',
    'no such page': 'nowhere',
  };
  return (name) => `${fleet.app().httpUrl}/${paths[name]}`;
}
