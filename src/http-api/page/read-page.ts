import { readdir, readFile } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';

/** One built file in memory, with what was compressed at build time. */
export interface PageFile {
  readonly type: string;
  readonly body: Uint8Array<ArrayBuffer>;
  readonly br?: Uint8Array<ArrayBuffer>;
  readonly gzip?: Uint8Array<ArrayBuffer>;
}

/** The built web page: `index.html` and its assets by path (`assets/index-3f2a.js`). */
export interface Page {
  readonly index: string;
  readonly assets: ReadonlyMap<string, PageFile>;
}

const types: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/**
 * Reads the built page into memory: it is small, and a request can then name nothing that is not part of it. Undefined
 * where it was not built.
 */
export async function readPage(folder: string): Promise<Page | undefined> {
  const index = await readFile(join(folder, 'index.html'), 'utf8').catch(() => undefined);
  if (index === undefined) return undefined;
  const names = await readdir(folder, { recursive: true });
  const assets = new Map<string, PageFile>();
  for (const name of names) {
    const type = types[extname(name)];
    if (type === undefined) continue;
    const [br, gzip] = await Promise.all(
      ['.br', '.gz'].map((suffix) => readIfThere(join(folder, name + suffix))),
    );
    assets.set(name.split(sep).join('/'), {
      type,
      body: new Uint8Array(await readFile(join(folder, name))),
      ...(br && { br }),
      ...(gzip && { gzip }),
    });
  }
  return { index, assets };
}

async function readIfThere(path: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
  return readFile(path).then(
    (bytes) => new Uint8Array(bytes),
    () => undefined,
  );
}
