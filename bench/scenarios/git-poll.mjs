import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createGitSource } from '../../dist/git-source/index.js';
import { createSilentLogger, createSystemClock } from '../../dist/runtime/index.js';
import { startChild } from '../harness/child.mjs';
import { commitFiles, git } from '../harness/git.mjs';
import { median } from '../harness/statistics.mjs';

const script = new URL('../peers/git-server.mjs', import.meta.url);
const signal = AbortSignal.timeout(600_000);

/** A repository of `count` small files in folders of a hundred. */
function manyFiles(count) {
  const names = Array.from({ length: count }, (_, i) => `tenants/t${Math.floor(i / 100)}/file-${i}.yaml`);
  return Object.fromEntries(names.map((name, i) => [name, `receivers:\n  otlp/${i}: {}\n`]));
}

async function timeEach(count, work) {
  const times = [];
  for (let i = 0; i < count; i++) {
    const begun = performance.now();
    await work();
    times.push(performance.now() - begun);
  }
  return median(times);
}

/** A poll that finds nothing new, over HTTP, against `git ls-remote` on the same server. */
export async function measureGitPoll({ repoFiles, polls }) {
  const root = await mkdtemp(join(tmpdir(), 'muster-bench-git-'));
  const repo = join(root, 'fleet');
  await mkdir(repo);
  await commitFiles(repo, manyFiles(repoFiles), 'files');
  const server = startChild(script, [root]);
  const url = `${await server.call('listen')}/fleet/.git`;
  const source = createGitSource(
    { repo: url, ref: 'main', path: '.', cacheDir: join(root, 'cache') },
    { clock: createSystemClock(), logger: createSilentLogger() },
  );
  try {
    await source.read('head', new Set(), signal);
    const lsRemote = () => git(root, 'ls-remote', url, 'refs/heads/main');
    const before = await server.call('counts');
    const oursMs = await timeEach(polls, () => source.resolve(signal));
    const after = await server.call('counts');
    const rawMs = await timeEach(polls, lsRemote);
    return {
      rawMs,
      oursMs,
      requestsPerPoll: (after.requests - before.requests) / polls,
      fetches: after.fetches - before.fetches,
    };
  } finally {
    await source.close();
    await server.stop();
    await rm(root, { recursive: true, force: true });
  }
}
