import { getEntry, toPlain } from '../../manifests/index.ts';
import type { ConfigNode, MapEntry, ScalarNode, Vars } from '../../model/index.ts';
import { parseDuration } from './duration.ts';

/** Readers of members of a document: what does not have the wanted form is left out, the schema tells the user. */

/** The entries of a member that is a map. */
export function entriesOf(node: ConfigNode | undefined, key: string): readonly MapEntry[] {
  const value = getEntry(node, key)?.value;
  return value?.kind === 'map' ? value.entries : [];
}

/** The items of a member that is a list. */
export function itemsOf(node: ConfigNode | undefined, key: string): readonly ConfigNode[] {
  const value = getEntry(node, key)?.value;
  return value?.kind === 'list' ? value.items : [];
}

/** A member that is a scalar other than null. */
export function scalarOf(node: ConfigNode | undefined, key: string): ScalarNode | undefined {
  const value = getEntry(node, key)?.value;
  return value?.kind === 'scalar' && value.type !== 'null' ? value : undefined;
}

/** A member that is text. */
export function textOf(node: ConfigNode | undefined, key: string): string | undefined {
  return scalarOf(node, key)?.text;
}

/** A member that is a number. */
export function numberOf(node: ConfigNode | undefined, key: string): number | undefined {
  const scalar = scalarOf(node, key);
  const value = scalar === undefined ? undefined : toPlain(scalar);
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/** A member that is a duration, in milliseconds. */
export function durationOf(node: ConfigNode | undefined, key: string): number | undefined {
  const text = textOf(node, key);
  return text === undefined ? undefined : parseDuration(text);
}

/** A member that is true. */
export function isTrue(node: ConfigNode | undefined, key: string): boolean {
  const scalar = scalarOf(node, key);
  return scalar !== undefined && toPlain(scalar) === true;
}

/** The scalars of a member that is a list. */
export function scalarsOf(node: ConfigNode | undefined, key: string): readonly ScalarNode[] {
  return itemsOf(node, key).filter((item): item is ScalarNode => item.kind === 'scalar');
}

/** The texts of a member that is a list. */
export function textsOf(node: ConfigNode | undefined, key: string): readonly string[] {
  return scalarsOf(node, key).map((scalar) => scalar.text);
}

/** The variables that a document declares. */
export function varsOf(node: ConfigNode | undefined): Vars {
  const vars = new Map<string, ScalarNode>();
  for (const { key, value } of entriesOf(node, 'vars'))
    if (value.kind === 'scalar') vars.set(key.text, value);
  return vars;
}

/** A map member whose values are texts. */
export function textMapOf(node: ConfigNode | undefined, key: string): ReadonlyMap<string, string> {
  const map = new Map<string, string>();
  for (const entry of entriesOf(node, key))
    if (entry.value.kind === 'scalar') map.set(entry.key.text, entry.value.text);
  return map;
}
