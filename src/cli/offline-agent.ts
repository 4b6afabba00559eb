import { resolve } from 'node:path';
import { createAssigner, createRenderer } from '../desired-state/index.ts';
import {
  type AgentDescription,
  instanceUid,
  type Labels,
  MusterError,
  type Snapshot,
  type TenantSnapshot,
} from '../model/index.ts';
import { applyFleetLabels, flattenLabels } from '../selectors/index.ts';
import { validateRepo } from '../validation/index.ts';
import { parsePair } from './parse-option.ts';
import { readWorkTree, type WorkTree } from './read-work-tree.ts';

export interface AgentOptions {
  /** `k=v,k=v` */
  readonly agent: string;
  readonly tenant?: string;
}

/** A repo on disk and one imagined agent of one of its tenants. */
export interface OfflineAgent {
  readonly workTree: WorkTree;
  readonly snapshot: Snapshot;
  readonly tenant: TenantSnapshot;
  readonly labels: Labels;
  readonly assign: () => ReturnType<ReturnType<typeof createAssigner>['assign']>;
  readonly renderer: ReturnType<typeof createRenderer>;
}

/** Reads the repo and the labels; throws `TENANT_UNKNOWN` or `USAGE` where they do not fit. */
export async function readOfflineAgent(
  directory: string,
  dir: string,
  options: AgentOptions,
  now: number,
): Promise<OfflineAgent> {
  const workTree = await readWorkTree(resolve(directory, dir));
  const snapshot = validateRepo({ ...workTree, now });
  const tenant = chooseTenant(snapshot, options.tenant);
  const labels = labelsOf(options.agent, tenant);
  return {
    workTree,
    snapshot,
    tenant,
    labels,
    assign: () => createAssigner(tenant).assign(labels, now),
    renderer: createRenderer({ readBody: (_path, blob) => workTree.readBlob(blob), maxCacheEntries: 100 }),
  };
}

function chooseTenant(snapshot: Snapshot, name: string | undefined): TenantSnapshot {
  const names = [...snapshot.tenants.keys()];
  const chosen = name ?? (names.length === 1 ? names[0] : undefined);
  const tenant = chosen === undefined ? undefined : snapshot.tenants.get(chosen);
  if (tenant) return tenant;
  const message = name === undefined ? 'the repo has several tenants' : `there is no tenant ${name}`;
  throw new MusterError('TENANT_UNKNOWN', message, {
    disposition: 'stalled',
    hint: `Give --tenant, one of ${names.join(', ')}.`,
  });
}

function labelsOf(text: string, tenant: TenantSnapshot): Labels {
  const attributes = text
    .split(',')
    .filter(Boolean)
    .map((pair) => parsePair('--agent', pair))
    .map(([key, value]) => ({ key, value }));
  const description: AgentDescription = { identifying: [], nonIdentifying: attributes };
  const uid = instanceUid('00000000-0000-7000-8000-000000000000');
  const { labels } = flattenLabels(description, { uid, tenant: tenant.name, type: 'otelcol' });
  return applyFleetLabels(labels, tenant.fleet.labels);
}
