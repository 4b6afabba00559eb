import { createHash, createHmac } from 'node:crypto';
import { canonicalText } from '../../manifests/index.ts';
import {
  type ConfigHash,
  type ConfigNode,
  configHash,
  type ListNode,
  type MapNode,
  type ScalarType,
} from '../../model/index.ts';

/** One entry of an AgentConfigMap, before it is written out. */
export interface CanonicalFile {
  readonly key: string;
  readonly contentType: string;
  readonly tree: ConfigNode;
}

const letters: Readonly<Record<ScalarType, string>> = {
  null: 'n',
  bool: 'b',
  int: 'i',
  float: 'f',
  string: 's',
  timestamp: 't',
  binary: 'x',
};

/**
 * SHA-256 over canonical form v1 (docs/spec/canonical-form.md) of a desired config. Comments, indentation, quoting, key
 * order and the spelling of numbers do not change it; `attempt` does when it is not 0. Where the config holds secrets it is
 * an HMAC under `key`, so that nobody who sees the hash can try out values.
 */
export function computeConfigHash(
  files: readonly CanonicalFile[],
  attempt = 0,
  key?: Uint8Array,
): ConfigHash {
  const digest = key ? createHmac('sha256', key) : createHash('sha256');
  return configHash(digest.update(canonicalForm(files, attempt), 'utf8').digest('hex'));
}

/** Canonical form v1 as text; what `computeConfigHash` hashes, in UTF-8. */
export function canonicalForm(files: readonly CanonicalFile[], attempt = 0): string {
  const parts = ['muster config v1\n'];
  if (attempt !== 0) parts.push(sized('a', String(attempt)));
  parts.push(`c${files.length}:`);
  for (const file of files.toSorted((a, b) => compareCodePoints(a.key, b.key)))
    parts.push(sized('k', file.key), sized('y', file.contentType), writeNode(file.tree));
  return parts.join('');
}

// Configs that differ by an agent's name share all other nodes.
const written = new WeakMap<ConfigNode, string>();

function writeNode(node: ConfigNode): string {
  if (node.kind === 'scalar')
    return node.type === 'null' ? 'n0:' : sized(letters[node.type], canonicalText(node));
  if (node.transient) return writeBranch(node);
  const known = written.get(node);
  if (known !== undefined) return known;
  const text = writeBranch(node);
  written.set(node, text);
  return text;
}

function writeBranch(node: MapNode | ListNode): string {
  return node.kind === 'map' ? writeMap(node) : writeList(node);
}

// Added up instead of joined, so that what is kept of a node is not another copy of what is below it.
function writeList({ items }: ListNode): string {
  let text = `l${items.length}:`;
  for (const item of items) text += writeNode(item);
  return text;
}

function writeMap({ entries }: MapNode): string {
  let text = `m${entries.length}:`;
  for (const { key, value } of entries.toSorted((a, b) => compareCodePoints(a.key.text, b.key.text)))
    text += sized('s', key.text) + writeNode(value);
  return text;
}

function sized(letter: string, text: string): string {
  return `${letter}${Buffer.byteLength(text)}:${text}`;
}

/** The order of UTF-8 bytes, which differs from that of UTF-16 units beyond the basic plane. */
function compareCodePoints(a: string, b: string): number {
  for (let index = 0; index < a.length && index < b.length; index++) {
    const [left, right] = [a.codePointAt(index)!, b.codePointAt(index)!];
    if (left !== right) return left - right;
    if (left > 0xffff) index += 1;
  }
  return a.length - b.length;
}
