import type { Pipeline, PipelineGraph } from '../../src/model/index.ts';
import { orderLanes } from './order-lanes.ts';

/** One box or diamond: a component where a pipeline uses it. Pixels, its centre at `y`. */
export interface NodeBox {
  /** `<lane>/<role>/<index>`. */
  readonly key: string;
  readonly id: string;
  readonly kind: 'receiver' | 'processor' | 'exporter' | 'connector';
  readonly x: number;
  readonly y: number;
}

/** A line along the flow of data, as an SVG path. */
export interface Edge {
  readonly path: string;
  readonly signal: Signal;
  /** Whether it leads from one pipeline to another, and whether against the order of lanes. */
  readonly joins: boolean;
  readonly back: boolean;
}

export type Signal = 'traces' | 'metrics' | 'logs' | 'profiles';

/** One pipeline: its nodes in the order of the flow. */
export interface Lane {
  readonly id: string;
  readonly signal: Signal;
  readonly y: number;
  readonly height: number;
  /** Where its name stands. */
  readonly x: number;
  readonly nodes: readonly NodeBox[];
  readonly edges: readonly Edge[];
}

export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly lanes: readonly Lane[];
  /** From connector to connector. */
  readonly joins: readonly Edge[];
  /** Connectors that lead back to where they come from. */
  readonly cycles: readonly string[];
}

export const box = { width: 148, height: 28 } as const;
const row = 36;
const gap = 28;
const bus = 40;
const laneHead = 30;
const laneFoot = 14;
const laneGap = 14;
const track = 10;
const perRow = 8;
const corner = 6;

/**
 * Where everything stands in the drawing of a graph: a lane a pipeline, receivers, processors and exporters in columns,
 * lines only through the free space between them. The same graph gives the same drawing.
 */
export function layoutPipelines(graph: PipelineGraph): Layout {
  const { order, back, cycles } = orderLanes(graph);
  const connectors = new Set(graph.connectors.map(({ id }) => id));
  const joins = listJoins(order, connectors);
  const tracks = assignTracks(joins, order);
  const gutter = (Math.max(0, ...tracks) + 1) * track + 16;
  const columns = Math.min(perRow, Math.max(0, ...order.map(({ processors }) => processors.length)));
  const lanes: Lane[] = [];
  let y = 0;
  for (const pipeline of order) {
    const lane = layoutLane(pipeline, { connectors, columns, left: gutter, y });
    lanes.push(lane);
    y += lane.height + laneGap;
  }
  const right = gutter + 2 * box.width + 2 * bus + Math.max(0, columns * (box.width + gap) - gap);
  return {
    width: right + gutter,
    height: Math.max(0, y - laneGap),
    lanes,
    joins: joins.map((join, index) => {
      const offset = 12 + (tracks[index] ?? 0) * track;
      return drawJoin(join, lanes, back, { right: right + offset, left: gutter - offset });
    }),
    cycles,
  };
}

interface LaneFrame {
  readonly connectors: ReadonlySet<string>;
  readonly columns: number;
  readonly left: number;
  readonly y: number;
}

function layoutLane(pipeline: Pipeline, { connectors, columns, left, y }: LaneFrame): Lane {
  const { id, receivers, processors, exporters } = pipeline;
  const rows = Math.max(1, receivers.length, exporters.length, Math.ceil(processors.length / perRow));
  const middle = y + laneHead + (rows * row) / 2;
  const first = left + box.width + bus;
  const last = first + Math.max(0, columns * (box.width + gap) - gap) + bus;
  const kindOf = (name: string, kind: 'receiver' | 'exporter') => (connectors.has(name) ? 'connector' : kind);
  const stack = (names: readonly string[], kind: 'receiver' | 'exporter', x: number) =>
    names.map((name, index): NodeBox => {
      const at = middle + (index - (names.length - 1) / 2) * row;
      return { key: `${id}/${kind}/${index}`, id: name, kind: kindOf(name, kind), x, y: at };
    });
  const lines = Math.ceil(processors.length / perRow);
  const chain = processors.map((name, index): NodeBox => {
    const [line, place] = [Math.floor(index / perRow), index % perRow];
    const at = middle + (line - (lines - 1) / 2) * row;
    return {
      key: `${id}/processor/${index}`,
      id: name,
      kind: 'processor',
      x: first + place * (box.width + gap),
      y: at,
    };
  });
  const [heads, tails] = [stack(receivers, 'receiver', left), stack(exporters, 'exporter', last)];
  const signal = signalOf(id);
  const paths = [...fanIn(heads, chain, middle, last), ...chainPaths(chain), ...fanOut(chain, tails, middle)];
  return {
    ...{
      id,
      signal,
      x: left,
      y,
      height: laneHead + rows * row + laneFoot,
      nodes: [...heads, ...chain, ...tails],
    },
    edges: paths.map((path) => ({ path, signal, joins: false, back: false })),
  };
}

/** From each receiver over one bus to the first processor, or to the middle before the exporters. */
function fanIn(heads: readonly NodeBox[], chain: readonly NodeBox[], middle: number, last: number): string[] {
  const [target] = chain;
  const end = target ? target.x : last - bus / 2;
  const y = target?.y ?? middle;
  return heads.map((head) => {
    const from = head.x + box.width;
    return elbow(from, head.y, from + bus / 2, end, y);
  });
}

function fanOut(chain: readonly NodeBox[], tails: readonly NodeBox[], middle: number): string[] {
  const source = chain.at(-1);
  return tails.map((tail) => {
    const bend = tail.x - bus / 2;
    const from = source ? source.x + box.width : bend;
    return elbow(from, source?.y ?? middle, bend, tail.x, tail.y);
  });
}

/** From each processor to the next; to the next row through the space between rows. */
function chainPaths(chain: readonly NodeBox[]): string[] {
  return chain.slice(1).map((to, index) => {
    const from = chain[index] as NodeBox;
    const start = from.x + box.width;
    if (from.y === to.y) return `M${start} ${from.y}H${to.x}`;
    return roundPath([
      [start, from.y],
      [start + gap / 2, from.y],
      [start + gap / 2, from.y + row / 2],
      [to.x - gap / 2, from.y + row / 2],
      [to.x - gap / 2, to.y],
      [to.x, to.y],
    ]);
  });
}

interface Join {
  readonly id: string;
  readonly from: string;
  readonly to: string;
}

/** One a pair of pipelines that a connector joins, in the order of the lanes that they leave. */
function listJoins(order: readonly Pipeline[], connectors: ReadonlySet<string>): readonly Join[] {
  return order.flatMap(({ id: from, exporters }) =>
    exporters
      .filter((name) => connectors.has(name))
      .flatMap((id) =>
        order.filter(({ receivers }) => receivers.includes(id)).map(({ id: to }) => ({ id, from, to })),
      ),
  );
}

/** The innermost track of the gutters that is free from the lane that each join leaves to the one that it reaches. */
function assignTracks(joins: readonly Join[], order: readonly Pipeline[]): readonly number[] {
  const place = new Map(order.map(({ id }, index) => [id, index]));
  const taken: [from: number, to: number][][] = [];
  return joins.map(({ from, to }) => {
    const ends = [place.get(from) ?? 0, place.get(to) ?? 0];
    const [top, bottom] = [Math.min(...ends), Math.max(...ends)];
    const free = taken.findIndex((spans) => spans.every(([first, last]) => last < top || first > bottom));
    const index = free < 0 ? taken.length : free;
    taken[index] = [...(taken[index] ?? []), [top, bottom]];
    return index;
  });
}

/** Leaves right, down or up the right gutter, across between lanes, and from the left into where it is received. */
function drawJoin(
  { id, from, to }: Join,
  lanes: readonly Lane[],
  back: ReadonlySet<string>,
  gutters: { readonly right: number; readonly left: number },
): Edge {
  const source = lanes.find((lane) => lane.id === from) as Lane;
  const target = lanes.find((lane) => lane.id === to) as Lane;
  const start = source.nodes.findLast((node) => node.id === id && node.kind === 'connector') as NodeBox;
  const end = target.nodes.find((node) => node.id === id && node.kind === 'connector') as NodeBox;
  const across = target.y - laneGap / 2;
  const path = roundPath([
    [start.x + box.width, start.y],
    [gutters.right, start.y],
    [gutters.right, across],
    [gutters.left, across],
    [gutters.left, end.y],
    [end.x, end.y],
  ]);
  return { path, signal: target.signal, joins: true, back: back.has(`${from} ${to}`) };
}

/** The signal of a pipeline's name; another is drawn as traces are. */
export function signalOf(pipeline: string): Signal {
  const name = pipeline.split('/', 1)[0];
  return name === 'metrics' || name === 'logs' || name === 'profiles' ? name : 'traces';
}

function elbow(x: number, y: number, bend: number, endX: number, endY: number): string {
  return roundPath([
    [x, y],
    [bend, y],
    [bend, endY],
    [endX, endY],
  ]);
}

type Point = readonly [x: number, y: number];

/** Straight lines with round corners; points on one line make no corner. */
function roundPath(points: readonly Point[]): string {
  const [first = [0, 0]] = points;
  const parts = [`M${first[0]} ${first[1]}`];
  for (let index = 1; index < points.length - 1; index += 1) {
    const [before, at, after] = points.slice(index - 1, index + 2) as [Point, Point, Point];
    const [near, far] = [toward(at, before), toward(at, after)];
    parts.push(`L${near[0]} ${near[1]}Q${at[0]} ${at[1]} ${far[0]} ${far[1]}`);
  }
  const last = points.at(-1) ?? first;
  return `${parts.join('')}L${last[0]} ${last[1]}`;
}

/** A point a corner's length from one point to another, or half way where they are near. */
function toward([x, y]: Point, [toX, toY]: Point): Point {
  const [dx, dy] = [toX - x, toY - y];
  const length = Math.hypot(dx, dy);
  const part = length === 0 ? 0 : Math.min(corner, length / 2) / length;
  return [x + dx * part, y + dy * part];
}
