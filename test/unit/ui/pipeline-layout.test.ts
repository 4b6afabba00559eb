import { describe, expect, it } from 'vitest';
import type { Pipeline, PipelineGraph } from '../../../src/model/index.ts';
import { box, type Edge, type Layout, layoutPipelines, type NodeBox } from '../../../ui/pipeline/layout.ts';
import { nearLanes } from '../../../ui/pipeline/near-lanes.ts';
import { nextNode } from '../../../ui/pipeline/next-node.ts';

const names = (prefix: string, count: number) =>
  Array.from({ length: count }, (_, index) => `${prefix}/${index}`);
const pipeline = (id: string, over: Partial<Pipeline> = {}): Pipeline => ({
  id,
  receivers: ['otlp'],
  processors: ['batch'],
  exporters: ['debug'],
  ...over,
});
const graph = (pipelines: readonly Pipeline[], connectors: readonly string[] = []): PipelineGraph => ({
  pipelines,
  connectors: connectors.map((id) => ({
    id,
    from: pipelines.filter(({ exporters }) => exporters.includes(id)).map((one) => one.id),
    to: pipelines.filter(({ receivers }) => receivers.includes(id)).map((one) => one.id),
  })),
  components: [],
});

const joined = graph(
  [
    pipeline('metrics', { receivers: ['spanmetrics', 'hostmetrics'], exporters: ['otlp', 'debug'] }),
    pipeline('logs'),
    pipeline('traces', { processors: names('p', 4), exporters: ['otlp', 'spanmetrics'] }),
  ],
  ['spanmetrics'],
);
const circle = graph(
  [
    pipeline('traces/a', { receivers: ['back', 'otlp'], exporters: ['forth'] }),
    pipeline('traces/b', { receivers: ['forth'], exporters: ['back'] }),
  ],
  ['forth', 'back'],
);
const wide = graph(
  [
    pipeline('traces', {
      receivers: names('in', 5),
      processors: names('p', 19),
      exporters: ['a', ...names('out', 3)],
    }),
    pipeline('metrics', { receivers: ['a', 'b'], processors: [], exporters: ['b', 'c', 'debug'] }),
    pipeline('logs', { receivers: ['c'], processors: names('p', 9), exporters: ['debug'] }),
  ],
  ['a', 'b', 'c'],
);

const nodesOf = ({ lanes }: Layout) => lanes.flatMap(({ nodes }) => nodes);
const edgesOf = ({ lanes, joins }: Layout) => [...lanes.flatMap(({ edges }) => edges), ...joins];

type Point = readonly [number, number];

/** The corners of a path, the round ones as if they were square. */
function pointsOf({ path }: Edge): readonly Point[] {
  const points: Point[] = [];
  for (const [, command = '', text = ''] of path.matchAll(/([MLHQ])([^MLHQ]*)/g)) {
    const values = text.trim().split(/[ ,]+/).map(Number);
    if (command === 'H') points.push([values[0] ?? 0, points.at(-1)?.[1] ?? 0]);
    else for (let at = 0; at < values.length; at += 2) points.push([values[at] ?? 0, values[at + 1] ?? 0]);
  }
  return points;
}

/** Whether a line from one point to another comes into a box, its edge not counted. */
function crosses([x1, y1]: Point, [x2, y2]: Point, { x, y }: NodeBox): boolean {
  const [left, right] = [Math.min(x1, x2), Math.max(x1, x2)];
  const [top, bottom] = [Math.min(y1, y2), Math.max(y1, y2)];
  return (
    right > x + 1 &&
    left < x + box.width - 1 &&
    bottom > y - box.height / 2 + 1 &&
    top < y + box.height / 2 - 1
  );
}

describe.each([
  ['joined lanes', joined],
  ['a circle', circle],
  ['many of everything', wide],
])('the drawing of %s', (_name, of) => {
  const layout = layoutPipelines(of);

  it('has no line through a node', () => {
    for (const edge of edgesOf(layout)) {
      const points = pointsOf(edge);
      for (const node of nodesOf(layout))
        for (const [index, point] of points.slice(1).entries())
          expect(crosses(points[index] as Point, point, node), `${edge.path} through ${node.key}`).toBe(
            false,
          );
    }
  });

  it('has no node on another, and everything within its frame', () => {
    const nodes = nodesOf(layout);
    for (const one of nodes)
      for (const other of nodes)
        if (one !== other)
          expect(
            Math.abs(one.x - other.x) >= box.width || Math.abs(one.y - other.y) >= box.height,
            `${one.key} ${other.key}`,
          ).toBe(true);
    for (const [x, y] of edgesOf(layout).flatMap(pointsOf)) {
      expect(x).toBeGreaterThanOrEqual(0);
      expect(x).toBeLessThanOrEqual(layout.width);
      expect(y).toBeLessThanOrEqual(layout.height);
    }
  });
});

it('puts whoever feeds another above it, else by signal and name', () => {
  expect(layoutPipelines(joined).lanes.map(({ id }) => id)).toEqual(['traces', 'metrics', 'logs']);
  const other = graph(
    [
      pipeline('traces', { receivers: ['x'] }),
      pipeline('logs/b'),
      pipeline('logs/a', { exporters: ['x'] }),
      pipeline('metrics'),
    ],
    ['x'],
  );
  expect(layoutPipelines(other).lanes.map(({ id }) => id)).toEqual(['metrics', 'logs/a', 'traces', 'logs/b']);
});

it('draws a circle all the same, and names what leads back', () => {
  const layout = layoutPipelines(circle);
  expect(layout.cycles).toEqual(['back']);
  expect(layout.joins.map(({ back }) => back)).toEqual([false, true]);
});

it('draws a connector twice, and one line between', async () => {
  const layout = layoutPipelines(joined);
  expect(
    nodesOf(layout)
      .filter(({ kind }) => kind === 'connector')
      .map(({ key }) => key),
  ).toEqual(['traces/exporter/1', 'metrics/receiver/0']);
  await expect(JSON.stringify(layout, null, 1)).toMatchFileSnapshot('golden/pipeline-layout.json');
});

it('walks along the flow and between lanes with arrow keys', () => {
  const nodes = nodesOf(layoutPipelines(joined));
  const at = (key: string) => nodes.find((node) => node.key === key) as NodeBox;
  const walk = (key: string, arrow: string) => nextNode(nodes, at(key), arrow)?.key;
  expect(walk('traces/receiver/0', 'ArrowRight')).toBe('traces/processor/0');
  expect(walk('traces/processor/0', 'ArrowDown')).toBe('metrics/processor/0');
  expect(walk('metrics/receiver/0', 'ArrowUp')).toBe('traces/receiver/0');
  expect(walk('traces/receiver/0', 'ArrowLeft')).toBeUndefined();
  expect(walk('traces/receiver/0', 'x')).toBeUndefined();
});

it('shows of very many lanes one and those that it is joined with', () => {
  expect(nearLanes(joined, 'metrics').pipelines.map(({ id }) => id)).toEqual(['metrics', 'traces']);
  expect(nearLanes(joined, 'logs').pipelines.map(({ id }) => id)).toEqual(['logs']);
});
