import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { MusterError } from '../../model/index.ts';
import { compareVersions } from './compare-versions.ts';

/** A Go package of a checkout or module cache that has a generated schema. */
export interface SchemaPackage {
  readonly importPath: string;
  readonly folder: string;
  /** As a module cache names it; empty in a checkout. */
  readonly version: string;
}

const maxFolders = 200_000;
const skipped: ReadonlySet<string> = new Set(['.git', 'node_modules', 'testdata', 'vendor', 'cache']);

/**
 * The packages below `root` that have a `config.schema.yaml`, by import path; of several versions the newest. Throws
 * `DIRECTORY_UNREADABLE` where `root` cannot be read.
 */
export async function findPackages(root: string): Promise<ReadonlyMap<string, SchemaPackage>> {
  const found = new Map<string, SchemaPackage>();
  const pending: Visit[] = [{ folder: root, module: undefined }];
  for (let count = 0; pending.length > 0 && count < maxFolders; count++) {
    const visit = pending.pop();
    if (!visit) break;
    const names = await list(visit.folder, root);
    const module = names.files.has('go.mod') ? await readModule(visit.folder) : visit.module;
    if (module && names.files.has('config.schema.yaml')) keepNewest(found, packageOf(visit.folder, module));
    for (const name of names.folders) pending.push({ folder: join(visit.folder, name), module });
  }
  return found;
}

interface Visit {
  readonly folder: string;
  readonly module: GoModule | undefined;
}

interface GoModule {
  readonly path: string;
  readonly folder: string;
  readonly version: string;
}

async function list(folder: string, root: string): Promise<{ files: Set<string>; folders: string[] }> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    const folders = entries.filter((entry) => entry.isDirectory() && !skipped.has(entry.name));
    return {
      files: new Set(entries.filter((entry) => entry.isFile()).map(({ name }) => name)),
      folders: folders.map(({ name }) => name).sort(),
    };
  } catch (cause) {
    if (folder !== root) return { files: new Set(), folders: [] };
    throw new MusterError('DIRECTORY_UNREADABLE', `${root} cannot be read`, {
      disposition: 'stalled',
      hint: 'Give a checkout of a collector distribution, or a folder of the Go module cache.',
      cause,
    });
  }
}

async function readModule(folder: string): Promise<GoModule | undefined> {
  const text = await readFile(join(folder, 'go.mod'), 'utf8');
  const path = /^module\s+(\S+)/m.exec(text)?.[1];
  const version = /@v([^/\\]+)$/.exec(folder)?.[1] ?? '';
  return path === undefined ? undefined : { path, folder, version };
}

function packageOf(folder: string, module: GoModule): SchemaPackage {
  const inner = relative(module.folder, folder).split(sep).filter(Boolean);
  return { importPath: [module.path, ...inner].join('/'), folder, version: module.version };
}

function keepNewest(found: Map<string, SchemaPackage>, candidate: SchemaPackage): void {
  const known = found.get(candidate.importPath);
  if (!known || compareVersions(candidate.version, known.version) > 0)
    found.set(candidate.importPath, candidate);
}
