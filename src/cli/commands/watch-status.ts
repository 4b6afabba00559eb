import type { FleetSummary, RevisionView, RolloutView } from '../../http-api/index.ts';
import type { ApiClient } from '../api-client.ts';
import type { Console } from '../console.ts';
import { fetchAll } from '../fetch-all.ts';
import { readEvery } from '../read-every.ts';
import { createScreen } from '../screen.ts';
import { formatTable, toPrintable } from '../table.ts';
import { usageError } from '../usage-error.ts';

const everyMs = 1_000;
const barWidth = 24;
/** Rollouts shown: what does not fit on a terminal cannot be redrawn. */
const maxRollouts = 15;

/**
 * Shows how the newest revision, or the one of `commit` (7 or more digits of its sha), goes out until `muster/fleet` has
 * a verdict, and sets exit status 0 for success, else 1. A terminal is redrawn; elsewhere each change is a line.
 */
export async function watchStatus(api: ApiClient, console: Console, commit?: string): Promise<void> {
  if (commit !== undefined && !/^[0-9a-f]{7,40}$/.test(commit))
    throw usageError(`--commit takes 7 to 40 digits of a sha, not "${toPrintable(commit)}"`);
  const show = console.outIsTerminal ? createScreen(console) : createLog(console);
  const read = async () => {
    const revision = await readRevision(api, commit);
    return { revision, items: await fetchAll<RolloutView>(api, '/rollouts') };
  };
  for await (const { revision, items } of readEvery(console, everyMs, read)) {
    show(describeProgress(revision, items, commit));
    const state = fleetStatus(revision)?.state;
    if (state === 'success' || state === 'failure') return console.exit(state === 'success' ? 0 : 1);
  }
  console.exit(1);
}

async function readRevision(api: ApiClient, commit: string | undefined): Promise<RevisionView | undefined> {
  if (commit === undefined) return (await api.get<FleetSummary>('/fleet')).revision ?? undefined;
  const items = await fetchAll<RevisionView>(api, '/revisions');
  return items.find(({ sha }) => sha.startsWith(commit));
}

/** The revision, its status, and a bar for each rollout that is under way or failed. */
export function describeProgress(
  revision: RevisionView | undefined,
  rollouts: readonly RolloutView[],
  commit?: string,
): readonly string[] {
  if (!revision) return [commit === undefined ? 'no revision has been read yet' : `waiting for ${commit}`];
  const status = fleetStatus(revision);
  const head = `${revision.sha.slice(0, 7)}  ${toPrintable(revision.subject)}`;
  const stands = `${status?.state ?? 'pending'}: ${status?.description ?? 'not judged yet'}`;
  const open = rollouts.filter(({ phase }) => phase !== 'passed');
  const rows = open.slice(0, maxRollouts).map((one) => [one.id, barOf(one), one.step ?? '', one.text]);
  const more = open.length > maxRollouts ? [`and ${open.length - maxRollouts} more`] : [];
  const table = rows.length > 0 ? formatTable(['ROLLOUT', 'AGENTS', 'STEP', 'STANDS'], rows) : '';
  return [head, stands, ...table.split('\n').filter((line) => line !== ''), ...more];
}

function barOf({ agents: { applied, matched } }: RolloutView): string {
  const filled = matched === 0 ? 0 : Math.floor((applied / matched) * barWidth);
  return `[${'#'.repeat(filled).padEnd(barWidth, '.')}] ${applied}/${matched}`;
}

function fleetStatus(revision: RevisionView | undefined) {
  return revision?.statuses.find(({ context }) => context.endsWith('/fleet'));
}

/** Tells only what is new. */
function createLog(console: Console): (lines: readonly string[]) => void {
  const told = { text: '' };
  return ([head = '', stands = '']) => {
    const text = `${head}  ${stands}`;
    if (text !== told.text) console.out(`${text}\n`);
    told.text = text;
  };
}
