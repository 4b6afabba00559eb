import type { NodeBox } from './layout.ts';

const directions: Readonly<Record<string, readonly [x: number, y: number]>> = {
  ArrowRight: [1, 0],
  ArrowLeft: [-1, 0],
  ArrowDown: [0, 1],
  ArrowUp: [0, -1],
};

/** The nearest node in the direction of an arrow key; undefined at the edge, and for other keys. */
export function nextNode(nodes: readonly NodeBox[], from: NodeBox, key: string): NodeBox | undefined {
  const direction = directions[key];
  if (!direction) return undefined;
  const [x, y] = direction;
  const ranked = nodes.flatMap((node) => {
    const [dx, dy] = [node.x - from.x, node.y - from.y];
    const ahead = dx * x + dy * y;
    // What lies aside counts double: an arrow stays in its row or column where it can.
    return ahead > 0 ? [{ node, far: ahead + 2 * Math.abs(dx * y + dy * x) }] : [];
  });
  return ranked.sort((a, b) => a.far - b.far)[0]?.node;
}
