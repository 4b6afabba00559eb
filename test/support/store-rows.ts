import {
  type BlobId,
  blobId,
  commitSha,
  configHash,
  instanceUid,
  type RepoContent,
} from '../../src/model/index.ts';
import type { NewEvent, RosterRow, Store } from '../../src/store/index.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

/** The uid of agent number `n`. */
export const uidOf = (n: number) =>
  instanceUid(`01936f2e-8c1a-7b42-9d55-${n.toString(16).padStart(12, '0')}`);

/** A roster row of agent number `n`. */
export function rosterRow(n: number, change: Partial<RosterRow> = {}): RosterRow {
  return {
    uid: uidOf(n),
    tenant: 'acme',
    credential: 'edge',
    type: 'otelcol',
    labels: new Map<string, string | string[]>([
      ['service.name', 'otelcol'],
      ['host.ip', ['10.0.0.1', '10.0.0.2']],
      ['__proto__', 'kept as a plain key'],
    ]),
    capabilities: 0x1007,
    statusHash: configHash('ab'.repeat(32)),
    statusState: 'applied',
    health: 'Healthy',
    failedHashes: [{ hash: configHash('cd'.repeat(32)), at: 5, reason: 'exit code 1', version: '0.159.0' }],
    failedPackages: [],
    firstSeenAt: 1_760_000_000_000,
    lastSeenAt: 1_760_000_000_000 + n,
    saidGoodbye: false,
    ...change,
  };
}

/** A revision whose files are `files` (path → text), of which only `given` bring their bytes (all, unless told). */
export function repoContent(
  sha: string,
  files: Record<string, string>,
  given: readonly string[] = Object.keys(files),
): RepoContent {
  const idOf = (text: string): BlobId => blobId(Buffer.from(text).toString('hex').padEnd(40, '0'));
  return {
    revision: commitSha(sha),
    ref: 'main',
    tree: `tree-of-${sha}`,
    commit: {
      author: 'Ada',
      subject: 'Change',
      committedAt: Number.parseInt(sha.slice(0, 4), 16),
      parents: [],
    },
    entries: Object.entries(files).map(([path, text]) => ({ path, blob: idOf(text), type: 'file' })),
    blobs: new Map(given.map((path) => [idOf(files[path] ?? ''), bytes(files[path] ?? '')])),
  };
}

/** An event at time `at`. */
export function newEvent(at: number, change: Partial<NewEvent> = {}): NewEvent {
  return {
    at,
    kind: 'revision',
    actor: { kind: 'muster', name: 'muster' },
    subject: { revision: 'abc' },
    text: `event ${at}`,
    ...change,
  };
}

/** Every roster row that `store` has. */
export async function loadRoster(store: Store): Promise<RosterRow[]> {
  const rows: RosterRow[] = [];
  for await (const batch of store.roster.load()) rows.push(...batch);
  return rows;
}
