import { parseGoDuration } from '../../../agent-types/index.ts';
import { canonicalText, getPath } from '../../../manifests/index.ts';
import type { ConfigNode, ScalarNode } from '../../../model/index.ts';
import { isOpaque } from './expansions.ts';

/**
 * Readers of a component's settings for rules that judge single values. All of them answer `undefined` for what is
 * absent, null, of another form, or known only on the agent.
 */

/** A scalar that is there and known. */
export function scalarAt(node: ConfigNode | undefined, path: string): ScalarNode | undefined {
  const found = getPath(node, path);
  return found?.kind === 'scalar' && found.type !== 'null' && !isOpaque(found) ? found : undefined;
}

/** The text of a scalar. */
export function textAt(node: ConfigNode | undefined, path: string): string | undefined {
  return scalarAt(node, path)?.text;
}

/** A number, integer or not. */
export function numberAt(node: ConfigNode | undefined, path: string): number | undefined {
  const scalar = scalarAt(node, path);
  return scalar && (scalar.type === 'int' || scalar.type === 'float')
    ? Number(canonicalText(scalar))
    : undefined;
}

/** Nanoseconds of a duration; a bare integer counts as such, as the collector takes it. */
export function durationAt(node: ConfigNode | undefined, path: string): bigint | undefined {
  const scalar = scalarAt(node, path);
  if (!scalar) return undefined;
  return scalar.type === 'int' ? BigInt(canonicalText(scalar)) : parseGoDuration(scalar.text);
}

/** Whether a boolean is there and true. */
export function isTrueAt(node: ConfigNode | undefined, path: string): boolean {
  return isBoolAt(node, path, 'true');
}

/** Whether a boolean is there and false. */
export function isFalseAt(node: ConfigNode | undefined, path: string): boolean {
  return isBoolAt(node, path, 'false');
}

function isBoolAt(node: ConfigNode | undefined, path: string, value: string): boolean {
  const scalar = scalarAt(node, path);
  return scalar?.type === 'bool' && canonicalText(scalar) === value;
}

/** Whether a setting is not written, or null, and no `${…}` on the way could bring it. */
export function isAbsentAt(node: ConfigNode, path: string): boolean {
  const keys = path.split('::');
  for (let depth = 0; depth <= keys.length; depth++) {
    const found = getPath(node, keys.slice(0, depth));
    if (!found) return true;
    if (isOpaque(found)) return false;
    if (found.kind === 'scalar' && found.type === 'null') return true;
  }
  return false;
}
