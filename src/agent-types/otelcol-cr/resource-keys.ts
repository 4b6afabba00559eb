import { getPath } from '../../manifests/index.ts';
import type { ReportedFile } from '../../model/index.ts';
import { parseReport } from '../redact/redact-yaml.ts';
import { managedLabel } from './managed-label.ts';

/** Entries looked at; a bridge with more reports more than any cluster holds. */
const maxKeys = 5_000;

/** Whether an AgentConfigMap key names a resource: `namespace/name`, exactly one slash, both parts there. */
export function isResourceKey(key: string): boolean {
  return /^[^/\s]+\/[^/\s]+$/.test(key);
}

/**
 * The resources of a bridge's report that an offer without them may delete, in order, at most 5,000. Those that the
 * bridge only watches (they lack the label that lets it manage them) and the collectors connected to it (their key is a
 * uid) are not among them; a resource that cannot be read is.
 */
export function listManagedKeys(files: readonly ReportedFile[]): readonly string[] {
  const keys = files.filter((file) => isResourceKey(file.key) && isManaged(file)).map(({ key }) => key);
  return keys.sort().slice(0, maxKeys);
}

/**
 * The keys that an offer lacks, that the bridge reports and that nobody allowed to go: the bridge would delete these
 * resources, so an offer with any is held (fleet-repo.md, `delete`).
 */
export function findMissingKeys(
  offered: Iterable<string>,
  reported: readonly string[],
  deletable: readonly string[],
): readonly string[] {
  const kept = new Set([...offered, ...deletable]);
  return reported.filter((key) => isResourceKey(key) && !kept.has(key));
}

function isManaged({ body }: ReportedFile): boolean {
  const resource = parseReport(new TextDecoder().decode(body));
  if (resource?.kind !== 'map') return true;
  const labels = getPath(resource, 'metadata::labels');
  return getPath(labels, [managedLabel]) !== undefined;
}
