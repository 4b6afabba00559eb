import { canonicalText } from '../../manifests/index.ts';
import type { ConfigNode } from '../../model/index.ts';
import { isSecretPath } from '../redact/secret-path.ts';
import { mask, maskSecrets } from '../redact/secret-text.ts';

const longest = 200;

/** A node in one line of at most 200 characters, secrets masked. */
export function describeNode(node: ConfigNode, path: readonly (string | number)[]): string {
  const text = describe(node, path);
  return text.length > longest ? `${text.slice(0, longest - 1)}…` : text;
}

function describe(node: ConfigNode, path: readonly (string | number)[]): string {
  if (node.kind === 'map') {
    const keys = node.entries.slice(0, 6).map((entry) => entry.key.text);
    return `{${keys.join(', ')}${node.entries.length > keys.length ? ', …' : ''}}`;
  }
  if (node.kind === 'list') {
    const items = node.items.slice(0, 20).map((item, index) => describe(item, [...path, index]));
    return `[${items.join(', ')}${node.items.length > items.length ? ', …' : ''}]`;
  }
  if (node.type === 'null' || node.type === 'bool') return canonicalText(node);
  return isSecretPath(path) ? mask : maskSecrets(canonicalText(node));
}
