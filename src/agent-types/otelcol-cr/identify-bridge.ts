import type { Labels } from '../../model/index.ts';

/** Facts of one pod, which are others after a restart, and labels of ours. */
const fleeting =
  /^(?:service\.instance\.id|service\.version|host\.|os\.|process\.|container\.|k8s\.(?:pod|node|container|replicaset)\.|fleet\.)/;

/**
 * What stays the same when a bridge starts again with a new uid: the tenant and how the bridge describes itself
 * (`description.non_identifying_attributes` of its config), without the facts of its pod.
 */
export function identifyBridge(labels: Labels, tenant: string): string {
  const facts = [...labels].filter(([key]) => !fleeting.test(key)).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([tenant, ...facts]);
}
