import { parseYaml } from '../../manifests/index.ts';
import type { ConfigNode, Excerpt, Position } from '../../model/index.ts';
import { isExpanded } from './is-expanded.ts';
import { isSecretPath } from './secret-path.ts';
import { mask, maskSecrets } from './secret-text.ts';

const around = 1;
const maxLine = 400;

interface Place {
  readonly line: number;
  readonly column: number;
  readonly isSecret: boolean;
}

/**
 * The line of a file with the one before and after it, values under secret names masked; undefined where the file does not
 * parse, for nobody can tell then what is a secret, where it has no such line, and of a file of secrets, all of whose values
 * are some: the mistake may be that it is not encrypted.
 */
export function readExcerpt(bytes: Uint8Array, { file, line }: Position): Excerpt | undefined {
  if (/\.sops\.ya?ml$/.test(file)) return undefined;
  const { documents } = parseYaml(bytes, file);
  const lines = new TextDecoder().decode(bytes).split(/\r?\n/);
  if (documents.length === 0 || line < 1 || line > lines.length) return undefined;
  const places = documents.flatMap((document) => listPlaces(document, []));
  places.sort((a, b) => a.line - b.line || a.column - b.column);
  const cut = new Set<number>();
  for (const [index, { line: at, column, isSecret }] of places.entries()) {
    if (!isSecret) continue;
    // The rest of the line goes with it: what stands behind an earlier secret is masked already.
    if (!cut.has(at)) lines[at - 1] = `${lines[at - 1]?.slice(0, column - 1)}${mask}`;
    cut.add(at);
    const next = places[index + 1]?.line ?? lines.length + 1;
    for (let below = at + 1; below < next; below += 1) lines[below - 1] = mask;
  }
  const from = Math.max(1, line - around);
  const shown = lines.slice(from - 1, line + around).map((text) => maskSecrets(text.slice(0, maxLine)));
  return { from, lines: shown };
}

/** Every key and value with where it stands. */
function listPlaces(node: ConfigNode, path: readonly (string | number)[]): Place[] {
  if (node.kind === 'scalar')
    return [{ ...placeOf(node), isSecret: isSecretPath(path) && !isExpanded(node) }];
  if (node.kind === 'list') return node.items.flatMap((item, index) => listPlaces(item, [...path, index]));
  return node.entries.flatMap(({ key, value }) => [
    { ...placeOf(key), isSecret: false },
    ...listPlaces(value, [...path, key.text]),
  ]);
}

function placeOf({ at: { line, column } }: ConfigNode): Pick<Place, 'line' | 'column'> {
  return { line, column };
}
