import type { LayerSource, Position, Problem } from '../../model/index.ts';
import { closestWord } from '../../selectors/index.ts';
import type { Discovery } from '../discovery/discover.ts';
import type { FileReader } from '../discovery/repo-files.ts';
import { repoProblem } from '../problem.ts';
import { isInside, resolvePath } from './resolve-path.ts';

/** A layer, or why the reference is refused. */
export type ResolvedBody = { readonly layer: LayerSource } | { readonly problem: Problem };

/** Turns paths that manifests name into layers, within what a tenant may name. */
export interface BodyResolver {
  /** `tenant` is the tenant whose manifest names the path; undefined for the fleet's own. */
  resolve(reference: string, at: Position, tenant: string | undefined): ResolvedBody;
  /** Paths that a tenant (undefined: the fleet) has named so far, refused ones included. */
  namedBy(tenant: string | undefined): ReadonlySet<string>;
}

/** Files up to which a missing path is compared with all that could have been meant. */
const maxCompared = 5_000;

/** A resolver over one revision. */
export function createBodyResolver(
  discovery: Discovery,
  reader: FileReader,
  sharedPaths: readonly string[],
): BodyResolver {
  const named = new Map<string | undefined, Set<string>>();
  const pathsOf = listPathsByOwner(discovery);
  const nameableBy = (tenant: string | undefined) =>
    tenant === undefined ? pathsOf(undefined) : [...pathsOf(tenant), ...pathsOf(undefined)];
  return {
    namedBy: (tenant) => named.get(tenant) ?? new Set(),
    resolve(reference, at, tenant) {
      const resolved = resolvePath(reference, at.file);
      if ('fault' in resolved)
        return {
          problem: repoProblem('FR022', at, `path "${show(reference)}" is not allowed: ${resolved.fault}`),
        };
      const { path } = resolved;
      named.set(tenant, (named.get(tenant) ?? new Set()).add(path));
      const bounds = checkBounds(path, at, tenant, discovery, sharedPaths);
      if (bounds) return { problem: bounds };
      return resolveFile(path, at, discovery, reader, () => nameableBy(tenant));
    },
  };
}

function checkBounds(
  path: string,
  at: Position,
  tenant: string | undefined,
  { layout }: Discovery,
  sharedPaths: readonly string[],
): Problem | undefined {
  const owner = layout.ownerOf(path);
  if (owner !== undefined && owner === tenant) return undefined;
  if (owner !== undefined && !layout.isImplicit) {
    return repoProblem(
      'FR021',
      at,
      `"${path}" belongs to tenant ${owner}; a tenant names only its own files and sharedPaths`,
    );
  }
  if (sharedPaths.some((folder) => isInside(path, folder))) return undefined;
  const folder = path.split('/')[0] ?? path;
  return repoProblem('FR021', at, `"${path}" is not shared; add "${folder}" to sharedPaths in fleet.yaml`);
}

function resolveFile(
  path: string,
  at: Position,
  discovery: Discovery,
  reader: FileReader,
  listNameable: () => readonly string[],
): ResolvedBody {
  const entry = discovery.entries.get(path);
  if (!entry) return { problem: notFound(path, at, discovery, listNameable()) };
  if (discovery.objectFiles.has(path)) {
    return { problem: repoProblem('FR028', at, `"${path}" is an object of Muster, not a body`) };
  }
  const read = reader.read(entry, at);
  if ('problem' in read) return { problem: read.problem };
  return { layer: { kind: 'file', path, blob: entry.blob, at } };
}

function notFound(path: string, at: Position, { entries }: Discovery, nameable: readonly string[]): Problem {
  const folders = path.split('/').slice(0, -1);
  for (let depth = 1; depth <= folders.length; depth++) {
    const folder = folders.slice(0, depth).join('/');
    // Git lists folders only where they are links or submodules.
    if (!entries.has(folder)) continue;
    return repoProblem('FR023', at, `"${path}" lies behind "${folder}", which is no folder of this repo`);
  }
  const nearest = nameable.length <= maxCompared ? closestWord(path, nameable) : undefined;
  const message = `there is no file "${path}"`;
  if (nearest === undefined) return repoProblem('FR020', at, message);
  return repoProblem('FR020', at, `${message}. Did you mean "${nearest}"?`, { suggestion: nearest });
}

/** What is suggested is what may be named: the files of other tenants are none of the reader's business. */
function listPathsByOwner({ entries, layout }: Discovery): (owner: string | undefined) => readonly string[] {
  let byOwner: Map<string | undefined, string[]> | undefined;
  return (owner) => {
    // Nobody asks unless a path is missing.
    byOwner ??= groupByOwner(entries.keys(), layout);
    return byOwner.get(owner) ?? [];
  };
}

function groupByOwner(
  paths: Iterable<string>,
  layout: Discovery['layout'],
): Map<string | undefined, string[]> {
  const byOwner = new Map<string | undefined, string[]>();
  for (const path of paths) {
    const owner = layout.ownerOf(path);
    const known = byOwner.get(owner);
    if (known) known.push(path);
    else byOwner.set(owner, [path]);
  }
  return byOwner;
}

function show(text: string): string {
  const clean = text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, '?');
  return clean.length > 80 ? `${clean.slice(0, 79)}…` : clean;
}
