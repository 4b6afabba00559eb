import type { Kysely } from 'kysely';
import { type ConfigHash, configHash, type RenderedConfig } from '../../model/index.ts';
import { chunk, chunkBytes } from './chunk.ts';
import type { Tables } from './tables.ts';

/** Keeps rendered bytes; those already there under the same hash stay as they are. */
export async function insertRenderings(
  db: Kysely<Tables>,
  configs: readonly RenderedConfig[],
): Promise<void> {
  for (const part of chunk(configs)) {
    await db
      .insertInto('rendering')
      .values(part.map(({ hash, components }) => ({ hash, components: JSON.stringify(components) })))
      .onConflict((oc) => oc.column('hash').doNothing())
      .execute();
  }
  const rows = configs.flatMap(({ hash, files }) =>
    files.map(({ key, contentType, body }, position) => {
      return { hash, position, key, content_type: contentType, body };
    }),
  );
  for (const part of chunkBytes(rows, ({ body }) => body.length)) {
    await db
      .insertInto('rendering_file')
      .values(part)
      .onConflict((oc) => oc.columns(['hash', 'position']).doNothing())
      .execute();
  }
}

/** Forgets every rendering whose hash is not in `keep`. */
export async function pruneRenderings(db: Kysely<Tables>, keep: ReadonlySet<ConfigHash>): Promise<void> {
  const stored = await db.selectFrom('rendering').select('hash').execute();
  const kept: ReadonlySet<string> = keep;
  const gone = stored.map(({ hash }) => hash).filter((hash) => !kept.has(hash));
  for (const part of chunk(gone)) {
    await db.deleteFrom('rendering').where('hash', 'in', part).execute();
    await db.deleteFrom('rendering_file').where('hash', 'in', part).execute();
  }
}

/** The bytes kept under `hash`, exactly as they were put. */
export async function selectRendering(
  db: Kysely<Tables>,
  hash: ConfigHash,
): Promise<RenderedConfig | undefined> {
  const row = await db.selectFrom('rendering').selectAll().where('hash', '=', hash).executeTakeFirst();
  if (!row) return undefined;
  const files = await db
    .selectFrom('rendering_file')
    .select(['key', 'content_type', 'body'])
    .where('hash', '=', hash)
    .orderBy('position')
    .execute();
  return {
    hash,
    files: files.map((file) => ({
      key: file.key,
      contentType: file.content_type,
      body: new Uint8Array(file.body),
    })),
    components: JSON.parse(row.components) as readonly string[],
  };
}

/** The hash of every kept rendering. */
export async function selectRenderingHashes(db: Kysely<Tables>): Promise<readonly ConfigHash[]> {
  const rows = await db.selectFrom('rendering').select('hash').execute();
  return rows.map(({ hash }) => configHash(hash));
}
