// An outbox store of one file per key: what `put` has acknowledged survives the death of the process.
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** @param {string} directory */
export async function openFileOutboxStore(directory) {
  await mkdir(directory, { recursive: true });
  const fileOf = (key) => join(directory, `${Buffer.from(key).toString('hex')}.json`);
  return {
    async load() {
      const names = (await readdir(directory)).filter((name) => name.endsWith('.json'));
      return Promise.all(
        names.map(async (name) => JSON.parse(await readFile(join(directory, name), 'utf8'))),
      );
    },
    async put(item) {
      const draft = `${fileOf(item.key)}.draft`;
      await writeFile(draft, JSON.stringify(item));
      await rename(draft, fileOf(item.key));
    },
    async delete(key) {
      await rm(fileOf(key), { force: true });
    },
  };
}
