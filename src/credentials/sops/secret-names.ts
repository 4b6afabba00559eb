import { walk } from '../../manifests/index.ts';
import type { MapNode, Position } from '../../model/index.ts';
import type { SecretFault } from './secret-problems.ts';

/** Names that a secrets file declares, which are readable without its key. */
export interface SecretNames {
  readonly names: readonly string[];
  /** Keys that give no name, or one name twice. */
  readonly faults: readonly SecretFault[];
}

/** What `$(secrets.…)` takes. */
const usableName = /^[A-Za-z_][A-Za-z0-9_.\-/]{0,126}$/;
const maxFaults = 20;

/** The name of what is below a named value: keys and places in lists are joined by dots. */
export function joinName(parent: string, part: string | number): string {
  return parent === '' ? String(part) : `${parent}.${part}`;
}

/** The names of all values of a document. */
export function listSecretNames(tree: MapNode): SecretNames {
  const seen = new Map<string, Position>();
  const faults: SecretFault[] = [];
  walk(tree, (node, path, key) => {
    if (node.kind !== 'scalar') return undefined;
    const name = path.join('.');
    const at = key?.at ?? node.at;
    const other = seen.get(name);
    if (other)
      faults.push({
        code: 'FR305',
        at,
        message: `"${shorten(name)}" is declared twice, at line ${other.line} too`,
      });
    else if (usableName.test(name)) seen.set(name, at);
    else faults.push({ code: 'FR307', at, message: `"${shorten(name)}" cannot be written as $(secrets.…)` });
    return undefined;
  });
  return { names: [...seen.keys()], faults: faults.slice(0, maxFaults) };
}

function shorten(name: string): string {
  return name.length > 60 ? `${name.slice(0, 59)}…` : name;
}
