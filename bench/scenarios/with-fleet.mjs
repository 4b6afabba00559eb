import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commitFiles } from '../harness/git.mjs';
import { startMuster } from '../harness/muster.mjs';
import { now } from '../harness/statistics.mjs';
import { token } from './fleet-files.mjs';
import { startLoadClients } from './load-clients.mjs';

/**
 * Runs `work` with `muster serve` on a new fleet repo of `files`, and clients that have not connected yet; whatever was
 * started is stopped.
 */
export async function withFleet({ files, agents, clients: count, servers = 1, effective, distinct }, work) {
  const root = await mkdtemp(join(tmpdir(), 'muster-bench-fleet-'));
  const repo = join(root, 'fleet');
  await mkdir(repo);
  await commitFiles(repo, files, 'round 0');
  const started = now();
  const muster = await startMuster({ repo, dataDir: join(root, 'data'), workers: servers });
  const readyMs = now() - started;
  const urls = [muster.url];
  const clients = startLoadClients({ count, agents, urls, mode: 'opamp', token, effective, distinct });

  /** Commits, and takes the time from the first offer, and from the commit, to the reply to the last acknowledgement. */
  async function rollOut(changed, message) {
    await clients.startRound();
    const sha = await commitFiles(repo, changed, message);
    const committed = now();
    await muster.sync();
    const result = await clients.awaitRound();
    return { ...result, sha, fromCommitMs: result.ended - committed };
  }

  try {
    return await work({ root, repo, muster, clients, rollOut, readyMs });
  } catch (error) {
    throw new Error(`${error.message}\nmuster said: ${muster.output()}`, { cause: error });
  } finally {
    await clients.stop();
    await muster.stop();
    await rm(root, { recursive: true, force: true });
  }
}
