import { execFile } from 'node:child_process';
import { appendFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { parseDocument } from 'yaml';
import { median } from '../harness/statistics.mjs';
import { writeFleetRepo } from './validate-repo.mjs';

const run = promisify(execFile);
const main = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

async function timeEach(count, work) {
  const times = [];
  for (let i = 0; i < count; i++) {
    const begun = performance.now();
    await work(i);
    times.push(performance.now() - begun);
  }
  return median(times);
}

/** `muster validate` as a process of its own, against parsing each body once in one thread. */
export async function measureValidate({ validatedConfigs: configs, validatedBodies: bodies }) {
  const root = await mkdtemp(join(tmpdir(), 'muster-bench-validate-'));
  const repo = join(root, 'fleet');
  const env = { ...process.env, XDG_CACHE_HOME: join(root, 'cache') };
  const validate = (...options) =>
    run(process.execPath, [main, 'validate', repo, '--format', 'json', ...options], {
      env,
      maxBuffer: 64 << 20,
    });
  try {
    const texts = await writeFleetRepo(repo, { tenants: configs / 10, configs, bodies });
    const rawMs = await timeEach(3, () => {
      for (const text of texts) parseDocument(text);
    });
    const coldMs = await timeEach(3, () => validate('--no-cache'));
    // The cold runs took long enough for the files to be old enough to be trusted.
    await validate();
    const warmMs = await timeEach(3, () => validate());
    const changedMs = await timeEach(3, async (round) => {
      await appendFile(join(repo, `base/body-${round}.yaml`), '# changed\n');
      await validate();
    });
    return { bodyBytes: texts[0].length, rawMs, coldMs, warmMs, changedMs };
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}
