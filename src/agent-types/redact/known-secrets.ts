import { walk } from '../../manifests/index.ts';
import type { ConfigNode, ScalarNode } from '../../model/index.ts';
import { isExpanded } from './is-expanded.ts';
import { isSecretPath } from './secret-path.ts';
import { mask } from './secret-text.ts';

/** Shorter texts stand for too much else to be looked for. */
const shortest = 6;
const maxTexts = 4_000;

/**
 * The texts by which secrets are recognised wherever an agent repeats them: each value, each of its longer lines, and both
 * as they are written in quotes or with `$` doubled; longest first.
 */
export function listSecretTexts(values: Iterable<ScalarNode>): readonly string[] {
  const texts = new Set<string>();
  for (const { type, text } of values) {
    if (type === 'null' || type === 'bool') continue;
    for (const part of [text, ...text.split(/\r?\n/)].map((one) => one.trim()))
      for (const spelling of [part, part.replaceAll('$', '$$$$'), JSON.stringify(part).slice(1, -1)])
        if (spelling.length >= shortest && spelling !== mask) texts.add(spelling);
  }
  return [...texts].sort((a, b) => b.length - a.length).slice(0, maxTexts);
}

/** The values of a body that stand under secret names and in Git as they are: no `${…}`, no reference. */
export function listLiteralSecrets(body: ConfigNode): readonly ScalarNode[] {
  const found: ScalarNode[] = [];
  walk(body, (node, path) => {
    if (node.kind === 'scalar' && isSecretPath(path) && !isExpanded(node)) found.push(node);
    return undefined;
  });
  return found;
}

/** The text with every one of these replaced by the mask. */
export function maskTexts(text: string, secrets: readonly string[]): string {
  return secrets.reduce((masked, secret) => masked.replaceAll(secret, () => mask), text);
}
