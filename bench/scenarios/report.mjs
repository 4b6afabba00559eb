import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serializeReport } from '../../dist/commit-status/index.js';
import { createGitSource } from '../../dist/git-source/index.js';
import { createSilentLogger, createSystemClock } from '../../dist/runtime/index.js';
import { commitFiles, git } from '../harness/git.mjs';
import { calmDown, median } from '../harness/statistics.mjs';

const hash = (number) => number.toString(16).padStart(64, '0');

function reportOf(sha, count, round) {
  const own = hash(round);
  const seen = Array.from({ length: 40 }, (_, i) => hash(i));
  const agents = Array.from({ length: count }, (_, i) => ({
    ...{ uid: `01936f2e-8c1a-7b42-9d55-${String(i).padStart(12, '0')}`, tenant: 'default', config: 'edge' },
    ...{ desiredHash: own, appliedHash: own, effectiveHash: seen[i % 40] },
    ...{ delivery: 'applied', health: 'Healthy', sync: 'Synced' },
  }));
  const counts = { matched: count, connected: count, applied: count, healthy: count };
  return {
    ...{ version: 1, revision: sha, state: 'success', observedAt: `2026-01-01T00:00:${10 + round}Z`, agents },
    tenants: { default: { state: 'success', agents: counts, failures: [] } },
    effectiveConfigs: Object.fromEntries(
      agents.slice(0, 40).map((one) => [one.effectiveHash, 'receivers: {}\n']),
    ),
  };
}

/**
 * Composing the fleet report of many agents and writing it as a note, against `git notes` with the same bytes; blocked is
 * the longest piece that is done in one go.
 */
export async function measureReport({ reportedAgents: count }) {
  const root = await mkdtemp(join(tmpdir(), 'muster-bench-report-'));
  const repo = join(root, 'fleet');
  await mkdir(repo);
  const sha = await commitFiles(repo, { 'fleet.yaml': 'kind: Fleet\n' }, 'fleet');
  const source = createGitSource(
    { repo, ref: 'main', path: '.', cacheDir: join(root, 'cache') },
    { clock: createSystemClock(), logger: createSilentLogger() },
  );
  const signal = AbortSignal.timeout(300_000);
  const times = { blocked: [], ours: [], raw: [] };
  try {
    await source.resolve(signal);
    for (let round = 0; round < 7; round++) {
      const report = reportOf(sha, count, round);
      await calmDown();
      const begun = performance.now();
      let longest = 0;
      let since = begun;
      const written = await serializeReport(report, async () => {
        longest = Math.max(longest, performance.now() - since);
        await new Promise(setImmediate);
        since = performance.now();
      });
      const bytes = Buffer.from(written.text);
      times.blocked.push(Math.max(longest, performance.now() - since));
      await source.writeNote('refs/notes/muster', sha, bytes, 'Fleet report', signal);
      times.ours.push(performance.now() - begun);
      const file = join(root, 'note.json');
      await writeFile(file, bytes);
      const rawBegun = performance.now();
      JSON.stringify(report);
      await git(repo, 'notes', '--ref=raw', 'add', '--force', '--file', file, sha);
      times.raw.push(performance.now() - rawBegun);
    }
    return {
      ...{ agents: count, rawMs: median(times.raw), oursMs: median(times.ours) },
      blockedMs: median(times.blocked),
    };
  } finally {
    await source.close();
    await rm(root, { recursive: true, force: true });
  }
}
