import { MusterError } from '../../model/index.ts';
import type { InventoryEntry } from './inventory.ts';

const maxAgents = 1_000_000;

/**
 * Reads what `muster agents list --output json` prints: `items`, and `builds` with the components of each build by the
 * hash that `build.components` names. Throws `INVENTORY_UNREADABLE`, with the agent at fault, where it is something else.
 */
export function decodeInventory(text: string, source: string): readonly InventoryEntry[] {
  const root = parseJson(text, source);
  const items = isRecord(root) ? root.items : root;
  if (!Array.isArray(items)) throw unreadable(source, 'it has no list "items"');
  if (items.length > maxAgents) throw unreadable(source, `it has more than ${maxAgents} agents`);
  const builds = decodeBuilds(isRecord(root) ? root.builds : undefined);
  return items.map((item, index) => decodeAgent(item, index, source, builds));
}

type Builds = ReadonlyMap<string, ReadonlySet<string>>;

function decodeBuilds(builds: unknown): Builds {
  const known = isRecord(builds) ? Object.entries(builds) : [];
  return new Map(known.map(([hash, components]) => [hash, new Set(textsOf(components))]));
}

function decodeAgent(item: unknown, index: number, source: string, builds: Builds): InventoryEntry {
  if (!isRecord(item) || typeof item.uid !== 'string' || typeof item.tenant !== 'string')
    throw unreadable(source, `agent ${index + 1} has no "uid" or no "tenant"`);
  if (!isRecord(item.labels)) throw unreadable(source, `agent ${item.uid} has no "labels"`);
  const build = isRecord(item.build) ? item.build : {};
  const labels = Object.entries(item.labels).filter(isLabel);
  return {
    uid: item.uid,
    tenant: item.tenant,
    host: textOf(item.host),
    labels: new Map(labels),
    service: { name: textOf(build.name), version: textOf(build.version) },
    components: typeof build.components === 'string' ? builds.get(build.components) : undefined,
    hash: textOf(item.hash),
    credential: textOf(item.credential),
    delivery: textOf(item.delivery),
  };
}

function isLabel(entry: [string, unknown]): entry is [string, string | readonly string[]] {
  const [, value] = entry;
  return typeof value === 'string' || (Array.isArray(value) && textsOf(value).length === value.length);
}

function textsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parseJson(text: string, source: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw unreadable(source, 'it is no JSON', cause);
  }
}

function unreadable(source: string, why: string, cause?: unknown): MusterError {
  return new MusterError('INVENTORY_UNREADABLE', `${source} is no inventory: ${why}`, {
    disposition: 'stalled',
    hint: 'Write one with `muster agents list --output json`.',
    cause,
  });
}
