import { createHash } from 'node:crypto';

export type GitObjectType = 'commit' | 'tree' | 'blob' | 'tag';

/** A Git object without its header. */
export interface GitObject {
  readonly type: GitObjectType;
  readonly body: Uint8Array;
}

/** One line of a tree. `name` holds the raw bytes as latin1, so that any name survives a rewrite. */
export interface TreeItem {
  readonly mode: string;
  readonly name: string;
  readonly oid: string;
}

export interface ParsedCommit {
  readonly tree: string;
  readonly parents: readonly string[];
  readonly author: string;
  /** Milliseconds since the epoch. */
  readonly committedAt: number;
  readonly message: string;
}

/** Who a commit of ours is by. */
export interface CommitIdentity {
  readonly name: string;
  readonly email: string;
}

/** Mode of a directory, as Git writes it into trees. */
export const treeMode = '40000';
/** Mode of a plain file. */
export const fileMode = '100644';

/** The object's name: SHA-1 for 40 hex digits, SHA-256 for 64. */
export function hashObject(object: GitObject, hexLength = 40): string {
  const hash = createHash(hexLength === 64 ? 'sha256' : 'sha1');
  return hash.update(`${object.type} ${object.body.length}\0`).update(object.body).digest('hex');
}

/** The lines of a tree in its own order; throws a RangeError where the bytes are no tree. */
export function parseTree(body: Uint8Array, hexLength = 40): TreeItem[] {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const items: TreeItem[] = [];
  const oidBytes = hexLength / 2;
  for (let at = 0; at < bytes.length; ) {
    const space = bytes.indexOf(0x20, at);
    const nul = bytes.indexOf(0, space);
    const end = nul + 1 + oidBytes;
    if (space < 0 || nul < 0 || end > bytes.length) throw new RangeError('not a tree object');
    items.push({
      mode: bytes.toString('latin1', at, space),
      name: bytes.toString('latin1', space + 1, nul),
      oid: bytes.toString('hex', nul + 1, end),
    });
    at = end;
  }
  return items;
}

function compareItems(left: TreeItem, right: TreeItem): number {
  const a = left.mode === treeMode ? `${left.name}/` : left.name;
  const b = right.mode === treeMode ? `${right.name}/` : right.name;
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The bytes of a tree with these lines, put into Git's order. */
export function encodeTree(items: readonly TreeItem[]): Uint8Array {
  const parts: Buffer[] = [];
  for (const item of [...items].sort(compareItems)) {
    parts.push(Buffer.from(`${item.mode} ${item.name}\0`, 'latin1'), Buffer.from(item.oid, 'hex'));
  }
  return Buffer.concat(parts);
}

function splitHeader(body: Uint8Array): { headers: string[]; message: string } {
  const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8');
  const end = text.indexOf('\n\n');
  return end < 0
    ? { headers: text.split('\n'), message: '' }
    : { headers: text.slice(0, end).split('\n'), message: text.slice(end + 2) };
}

const person = /^(?<who>.*) (?<seconds>-?\d+) [+-]\d{4}$/;

/** The parts of a commit that we use; throws a RangeError where it names no tree. */
export function parseCommit(body: Uint8Array): ParsedCommit {
  const { headers, message } = splitHeader(body);
  let tree = '';
  let author = '';
  let committedAt = 0;
  const parents: string[] = [];
  for (const line of headers) {
    const space = line.indexOf(' ');
    const value = line.slice(space + 1);
    const key = line.slice(0, Math.max(space, 0));
    if (key === 'tree') tree = value;
    else if (key === 'parent') parents.push(value);
    else if (key === 'author') author = person.exec(value)?.groups?.who ?? value;
    else if (key === 'committer') committedAt = Number(person.exec(value)?.groups?.seconds ?? 0) * 1000;
  }
  if (!/^[0-9a-f]{40,64}$/.test(tree)) throw new RangeError('not a commit object');
  return { tree, parents, author, committedAt, message };
}

/** The bytes of an unsigned commit in UTC; `at` is in milliseconds since the epoch. */
export function encodeCommit(
  commit: { readonly tree: string; readonly parents: readonly string[]; readonly message: string },
  by: CommitIdentity,
  at: number,
): Uint8Array {
  const clean = (text: string): string => text.replace(/[<>\n\0]/g, '').trim();
  const who = `${clean(by.name)} <${clean(by.email)}> ${Math.floor(at / 1000)} +0000`;
  const parents = commit.parents.map((parent) => `parent ${parent}\n`).join('');
  const message = commit.message.endsWith('\n') ? commit.message : `${commit.message}\n`;
  return Buffer.from(`tree ${commit.tree}\n${parents}author ${who}\ncommitter ${who}\n\n${message}`);
}

/** The object that an annotated tag points at, or undefined where the bytes are no tag. */
export function parseTagTarget(body: Uint8Array): string | undefined {
  return /^object ([0-9a-f]{40,64})$/.exec(splitHeader(body).headers[0] ?? '')?.[1];
}
