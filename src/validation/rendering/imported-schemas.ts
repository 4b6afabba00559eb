import { createHash } from 'node:crypto';
import type { TreeEntry } from '../../model/index.ts';
import { type SettingsShape, settingsFromJsonSchema } from '../component-schemas/index.ts';
import type { ReadBlob } from '../discovery/repo-files.ts';

/** Where `muster schema import` writes the schemas of a distribution, one file `<kind>-<type>.json` each. */
export const importedSchemaFolder = '.muster/schemas/imported';

/** Schemas that the repo brings along. */
export interface ImportedSchemas {
  /** Changes whenever one of them does. */
  readonly key: string;
  /** By `<kind>-<type>`. */
  readonly shapes: ReadonlyMap<string, SettingsShape>;
}

const maxFiles = 1_000;

/** Reads the schemas that the repo holds; a file that is none is as if it were not there. */
export function readImportedSchemas(entries: readonly TreeEntry[], readBlob: ReadBlob): ImportedSchemas {
  const files = listSchemaFiles(entries);
  const shapes = files.flatMap(({ path, blob }) => {
    const shape = parseSchema(readBlob(blob));
    return shape ? [[path.slice(importedSchemaFolder.length + 1, -'.json'.length), shape] as const] : [];
  });
  return { key: schemaKey(entries), shapes: new Map(shapes) };
}

/** SHA-256 hex over what decides the schemas: the blobs of their files. */
export function schemaKey(entries: readonly TreeEntry[]): string {
  const hash = createHash('sha256');
  for (const { path, blob } of listSchemaFiles(entries)) hash.update(`${path} ${blob}\n`);
  return hash.digest('hex');
}

function listSchemaFiles(entries: readonly TreeEntry[]): readonly TreeEntry[] {
  const files = entries.filter(
    ({ path, type }) =>
      type === 'file' && path.startsWith(`${importedSchemaFolder}/`) && path.endsWith('.json'),
  );
  return files.slice(0, maxFiles);
}

function parseSchema(bytes: Uint8Array | undefined): SettingsShape | undefined {
  try {
    return bytes && settingsFromJsonSchema(JSON.parse(new TextDecoder().decode(bytes)));
  } catch {
    return undefined;
  }
}
