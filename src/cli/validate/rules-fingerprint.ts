import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { version } from '../version.ts';

/** Folders whose code decides what validation says. */
const folders = ['selectors', 'manifests', 'agent-types', 'desired-state', 'validation'];

/**
 * A text that is the same as long as the rules are. The version alone would do for a release; who builds from a checkout
 * has many builds of one version, hence the newest change of the code.
 */
export async function fingerprintRules(): Promise<string> {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  const newest = await Promise.all(folders.map((folder) => newestIn(join(root, folder))));
  return `${version()} ${Math.max(...newest)} ${process.version}`;
}

async function newestIn(folder: string): Promise<number> {
  const entries = await readdir(folder, { withFileTypes: true });
  const times = await Promise.all(
    entries
      .filter(({ name }) => !name.endsWith('.map'))
      .map(async (entry) => {
        const path = join(folder, entry.name);
        return entry.isDirectory() ? newestIn(path) : (await stat(path)).mtimeMs;
      }),
  );
  return Math.max(0, ...times);
}
