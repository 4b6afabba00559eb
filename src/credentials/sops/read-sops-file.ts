import { getEntry, parseYaml } from '../../manifests/index.ts';
import type { ConfigNode, MapNode, Position } from '../../model/index.ts';
import type { EncryptionRule } from './encryption-rule.ts';
import type { SecretFault } from './secret-problems.ts';

/** The data key, encrypted for one age recipient, in ASCII armor. */
export interface WrappedKey {
  readonly recipient: string;
  readonly armored: string;
}

/** A SOPS file before anything is decrypted. */
export interface SopsFile {
  /** The document without SOPS' own part. */
  readonly tree: MapNode;
  readonly wrappedKeys: readonly WrappedKey[];
  /** As SOPS wrote it: it authenticates the MAC. */
  readonly lastModified: string;
  readonly mac: string;
  readonly macOnlyEncrypted: boolean;
  readonly rule: EncryptionRule;
  /** Where SOPS' own part is. */
  readonly at: Position;
}

/** Reads a SOPS file (YAML, or JSON, which is YAML too) without decrypting; the fault where it is none. */
export function readSopsFile(bytes: Uint8Array, file: string): SopsFile | { readonly fault: SecretFault } {
  const start = { file, line: 1, column: 1 };
  const { documents, problems } = parseYaml(bytes, file);
  const [problem] = problems;
  // What the parser says may quote the text, and with it a value.
  if (problem) return refuse('FR301', problem, 'this is no YAML that can be read');
  const [tree, ...others] = documents;
  if (tree?.kind !== 'map' || others.length > 0)
    return refuse('FR301', tree?.at ?? start, 'secrets are one YAML map');
  const metadata = getEntry(tree, 'sops');
  if (metadata?.value.kind !== 'map')
    return refuse(
      'FR302',
      start,
      'this file is not encrypted: its values stand in Git; encrypt it with sops',
    );
  return readMetadata(metadata.value, metadata.key.at, withoutMetadata(tree));
}

function readMetadata(
  sops: MapNode,
  at: Position,
  tree: MapNode,
): SopsFile | { readonly fault: SecretFault } {
  const groups = getEntry(sops, 'key_groups');
  if (groups && hasItems(groups.value))
    return refuse('FR306', groups.key.at, 'key groups are not read; encrypt for the tenant’s age key alone');
  const [lastModified, mac] = [textAt(sops, 'lastmodified'), textAt(sops, 'mac')];
  if (lastModified === undefined || mac === undefined)
    return refuse('FR305', at, 'the part that sops wrote lacks `lastmodified` or `mac`');
  return {
    tree,
    wrappedKeys: readWrappedKeys(getEntry(sops, 'age')?.value),
    lastModified,
    mac,
    macOnlyEncrypted: textAt(sops, 'mac_only_encrypted') === 'true',
    rule: {
      unencryptedSuffix: textAt(sops, 'unencrypted_suffix'),
      encryptedSuffix: textAt(sops, 'encrypted_suffix'),
      unencryptedRegex: textAt(sops, 'unencrypted_regex'),
      encryptedRegex: textAt(sops, 'encrypted_regex'),
      byComment:
        textAt(sops, 'unencrypted_comment_regex') !== undefined ||
        textAt(sops, 'encrypted_comment_regex') !== undefined,
    },
    at,
  };
}

function readWrappedKeys(list: ConfigNode | undefined): readonly WrappedKey[] {
  if (list?.kind !== 'list') return [];
  return list.items.flatMap((item) => {
    const [recipient, armored] = [textAt(item, 'recipient'), textAt(item, 'enc')];
    return recipient === undefined || armored === undefined ? [] : [{ recipient, armored }];
  });
}

function withoutMetadata(tree: MapNode): MapNode {
  return { ...tree, entries: tree.entries.filter(({ key }) => key.text !== 'sops') };
}

/** A text that is set; SOPS writes settings that are not as null or as an empty text. */
function textAt(node: ConfigNode, key: string): string | undefined {
  const value = getEntry(node, key)?.value;
  return value?.kind === 'scalar' && value.type !== 'null' && value.text !== '' ? value.text : undefined;
}

function hasItems(node: ConfigNode): boolean {
  return node.kind === 'list' && node.items.length > 0;
}

function refuse(
  code: SecretFault['code'],
  { file, line, column }: Position,
  message: string,
): { readonly fault: SecretFault } {
  return { fault: { code, at: { file, line, column }, message } };
}
