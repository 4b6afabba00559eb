import { readBody, readCommit, readTree } from './list-entries.ts';
import { encodeTree, fileMode, type TreeItem, treeMode } from './object-format.ts';
import type { Repository } from './repository.ts';

/** A level of the notes tree with more notes than this is split by the next two digits, as Git does. */
const maxFlat = 256;
const maxLevels = 19;
const fanoutName = /^[0-9a-f]{2}$/;

interface Place {
  /** The lines of each tree on the way down, the root first. */
  readonly trees: readonly (readonly TreeItem[])[];
  /** Notes found on the way, one per level at most, the root first. */
  readonly blobs: readonly string[];
}

function isNote(item: TreeItem, rest: string): boolean {
  return item.name === rest && item.mode !== treeMode;
}

/** Walks down to where notes on `sha` are: `sha`, `ab/cdef…`, `ab/cd/ef…`; there may be one at every level. */
async function locate(repository: Repository, root: string, sha: string): Promise<Place> {
  const trees: (readonly TreeItem[])[] = [];
  const blobs: string[] = [];
  let oid: string | undefined = root;
  for (let level = 0; oid !== undefined && level < maxLevels; level++) {
    const items: readonly TreeItem[] = await readTree(repository, oid);
    const rest = sha.slice(level * 2);
    trees.push(items);
    const note = items.find((item) => isNote(item, rest));
    if (note !== undefined) blobs.push(note.oid);
    oid = items.find((item) => item.name === rest.slice(0, 2) && item.mode === treeMode)?.oid;
  }
  return { trees, blobs };
}

/** The note on `sha` in the notes commit `tip`; of several (a careless writer's) the one deepest in the tree. */
export async function findNote(
  repository: Repository,
  tip: string,
  sha: string,
): Promise<Uint8Array | undefined> {
  const { tree } = await readCommit(repository, tip);
  const blob = (await locate(repository, tree, sha)).blobs.at(-1);
  return blob === undefined ? undefined : readBody(repository, blob, 'blob');
}

function isFlatNote(item: TreeItem, digits: number): boolean {
  return item.mode !== treeMode && item.name.length === digits && /^[0-9a-f]+$/.test(item.name);
}

/** Moves a level's flat notes into folders of their first two digits; everything else stays. */
async function fanOut(repository: Repository, items: readonly TreeItem[], digits: number) {
  const groups = new Map<string, TreeItem[]>();
  const kept: TreeItem[] = [];
  for (const item of items) {
    if (!isFlatNote(item, digits)) {
      kept.push(item);
      continue;
    }
    const name = item.name.slice(0, 2);
    const group = groups.get(name) ?? [];
    group.push({ ...item, name: item.name.slice(2) });
    groups.set(name, group);
  }
  for (const [name, group] of groups)
    kept.push({ mode: treeMode, name, oid: await writeTree(repository, group) });
  return kept;
}

function writeTree(repository: Repository, items: readonly TreeItem[]): Promise<string> {
  return repository.write({ type: 'tree', body: encodeTree(items) });
}

function withItem(items: readonly TreeItem[], added: TreeItem): TreeItem[] {
  return [...items.filter((item) => item.name !== added.name), added];
}

/** The deepest tree with the note in it: at the depth of its neighbours, below a new folder where they have folders. */
async function placeNote(repository: Repository, deepest: readonly TreeItem[], rest: string, blob: string) {
  const digits = rest.length;
  const note = { mode: fileMode, name: rest, oid: blob };
  const hasFolders = deepest.some((item) => item.mode === treeMode && fanoutName.test(item.name));
  if (hasFolders && digits > 2) {
    const inner = await writeTree(repository, [{ ...note, name: rest.slice(2) }]);
    return withItem(deepest, { mode: treeMode, name: rest.slice(0, 2), oid: inner });
  }
  const items = withItem(deepest, note);
  const flat = items.filter((item) => isFlatNote(item, digits)).length;
  return flat > maxFlat && digits > 2 ? fanOut(repository, items, digits) : items;
}

/**
 * Writes blob and trees that hold `body` as the one note on `sha`, every other note untouched, and returns the new
 * root tree. `root` is the tree before, undefined where there are no notes yet.
 */
export async function putNote(
  repository: Repository,
  root: string | undefined,
  sha: string,
  body: Uint8Array,
): Promise<string> {
  const blob = await repository.write({ type: 'blob', body });
  const { trees } = root === undefined ? { trees: [[]] } : await locate(repository, root, sha);
  const cleaned = trees.map((items, level) => items.filter((item) => !isNote(item, sha.slice(level * 2))));
  const last = cleaned.length - 1;
  let items = await placeNote(repository, cleaned[last] ?? [], sha.slice(last * 2), blob);
  for (let level = last; level > 0; level--) {
    const oid = await writeTree(repository, items);
    const name = sha.slice(level * 2 - 2, level * 2);
    items = withItem(cleaned[level - 1] ?? [], { mode: treeMode, name, oid });
  }
  return writeTree(repository, items);
}
