import { randomUUID } from 'node:crypto';
import { access, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { deflate } from 'node:zlib';
import { type GitObject, hashObject } from '../object-format.ts';

const compress = promisify(deflate);

/** Stores an object as a loose one, whole or not at all, and returns its name. */
export async function writeLooseObject(gitDir: string, object: GitObject): Promise<string> {
  const oid = hashObject(object);
  const folder = join(gitDir, 'objects', oid.slice(0, 2));
  const file = join(folder, oid.slice(2));
  const present = await access(file).then(
    () => true,
    () => false,
  );
  if (present) return oid;
  // Not recursive: a repository that was moved away does not come back as folders.
  await mkdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  const header = Buffer.from(`${object.type} ${object.body.length}\0`);
  const temporary = join(folder, `tmp_obj_${randomUUID()}`);
  try {
    const bytes = await compress(Buffer.concat([header, object.body]));
    await writeFile(temporary, bytes, { flag: 'wx', mode: 0o444 });
    await rename(temporary, file);
  } finally {
    await rm(temporary, { force: true });
  }
  return oid;
}
