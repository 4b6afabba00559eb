import { canonicalText, mapScalars, renderYaml, stringNode, walk } from '../../manifests/index.ts';
import type { ConfigNode } from '../../model/index.ts';
import { parseReport } from './redact-yaml.ts';
import { mask } from './secret-text.ts';

/** Whether the value at a path is structure (a component's name) rather than a value. */
export type IsStructure = (path: readonly (string | number)[]) => boolean;

/** A redacted YAML text with every value masked that is neither structure nor in `allowed`; nulls stay. */
export function publishYaml(
  text: string,
  allowed: ReadonlySet<string>,
  isStructure: IsStructure = () => false,
): string {
  const tree = parseReport(text);
  if (!tree) return `${mask}\n`;
  const published = mapScalars(tree, (scalar, path) => {
    const keep = scalar.type === 'null' || isStructure(path) || allowed.has(canonicalText(scalar));
    return keep ? scalar : stringNode(mask, scalar.at);
  });
  return renderYaml(published);
}

/** The canonical text of every scalar value of a tree: what `allowed` of a fleet repo is made of. */
export function collectScalarTexts(tree: ConfigNode): ReadonlySet<string> {
  const texts = new Set<string>();
  walk(tree, (node) => {
    if (node.kind === 'scalar') texts.add(canonicalText(node));
    return undefined;
  });
  return texts;
}
