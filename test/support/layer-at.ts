import type { Origin } from '../../src/agent-types/index.ts';

/** The number, from 1, of the layer that set the node at `path`. */
export function layerAt(origin: Origin, path: readonly (string | number)[]): number {
  let current = origin;
  for (const key of path) {
    const child = current.children?.get(String(key));
    if (!child) break;
    current = child;
  }
  return current.layer;
}
