import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ComponentKind } from '../../agent-types/index.ts';
import { parseYaml, toPlain } from '../../manifests/index.ts';
import {
  componentJsonSchema,
  type FindSchema,
  readUpstreamSchema,
  type UpstreamSchema,
} from '../../validation/index.ts';
import { findPackages, type SchemaPackage } from './find-packages.ts';

/** A component’s schema as it is written into the repo. */
export interface ImportedSchema {
  readonly kind: ComponentKind;
  readonly type: string;
  readonly version: string;
  readonly schema: Readonly<Record<string, unknown>>;
}

/** What a distribution has, by kind and type in order; `onProgress` hears of each package that was read. */
export async function importSchemas(
  root: string,
  onProgress: (done: number, total: number) => void,
): Promise<readonly ImportedSchema[]> {
  const packages = await findPackages(root);
  const schemas = new Map<string, UpstreamSchema>();
  for (const [importPath, { folder }] of packages) {
    const schema = await readYaml(join(folder, 'config.schema.yaml'));
    if (schema) schemas.set(importPath, schema);
    onProgress(schemas.size, packages.size);
  }
  const find: FindSchema = (importPath) => schemas.get(importPath);
  const found: ImportedSchema[] = [];
  for (const one of packages.values()) {
    const imported = await importComponent(one, find);
    if (imported) found.push(imported);
  }
  return found.sort((a, b) => (`${a.kind}-${a.type}` < `${b.kind}-${b.type}` ? -1 : 1));
}

const kinds: ReadonlySet<string> = new Set(['receiver', 'processor', 'exporter', 'connector', 'extension']);

/** A package is a component where its metadata says so. */
async function importComponent(
  { importPath, folder, version }: SchemaPackage,
  find: FindSchema,
): Promise<ImportedSchema | undefined> {
  if (importPath.includes('/internal/')) return undefined;
  const metadata = await readYaml(join(folder, 'metadata.yaml'));
  const status = metadata?.status as { readonly class?: unknown } | undefined;
  const [kind, type] = [status?.class, metadata?.type];
  if (typeof kind !== 'string' || !kinds.has(kind)) return undefined;
  if (typeof type !== 'string' || !/^[a-zA-Z][0-9a-zA-Z_]{0,62}$/.test(type)) return undefined;
  const shape = readUpstreamSchema(importPath, find);
  if (!shape) return undefined;
  const schema = componentJsonSchema(`${type} ${kind}`, shape);
  return { kind: kind as ComponentKind, type, version, schema };
}

/** A YAML map, or undefined where there is none that parses. */
async function readYaml(path: string): Promise<Readonly<Record<string, unknown>> | undefined> {
  const bytes = await readFile(path).catch(() => undefined);
  const document = bytes && parseYaml(bytes, path).documents[0];
  return document?.kind === 'map' ? (toPlain(document) as Readonly<Record<string, unknown>>) : undefined;
}
