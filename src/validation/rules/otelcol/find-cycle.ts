import type { Position } from '../../../model/index.ts';
import type { CollectorConfig } from './collector-config.ts';
import { type ConnectorUses, supportedPairs } from './connector-uses.ts';

/** Pipelines and connectors in the order of a circle, the first pipeline again at the end. */
export interface PipelineCycle {
  readonly path: readonly string[];
  readonly at: Position;
}

interface Edge {
  readonly to: string;
  readonly connector: string;
  readonly at: Position;
}

/** A circle of pipelines, if there is one; connectors of unknown types are taken to connect nothing. */
export function findCycle(
  config: CollectorConfig,
  uses: readonly ConnectorUses[],
): PipelineCycle | undefined {
  const edges = readEdges(uses);
  const finished = new Set<string>();
  for (const { id } of config.pipelines) {
    const cycle = follow(id, edges, finished, []);
    if (cycle) return cycle;
  }
  return undefined;
}

function readEdges(uses: readonly ConnectorUses[]): ReadonlyMap<string, readonly Edge[]> {
  const edges = new Map<string, Edge[]>();
  for (const { connector, asExporter, asReceiver } of uses) {
    const pairs = supportedPairs(connector.type);
    for (const from of asExporter) {
      for (const to of asReceiver) {
        if (!pairs?.has(`${from.pipeline.signal}>${to.pipeline.signal}`)) continue;
        const edge: Edge = { to: to.pipeline.id, connector: connector.id, at: from.reference.at };
        const known = edges.get(from.pipeline.id);
        if (known) known.push(edge);
        else edges.set(from.pipeline.id, [edge]);
      }
    }
  }
  return edges;
}

interface Step {
  readonly pipeline: string;
  readonly edge: Edge;
}

function follow(
  pipeline: string,
  edges: ReadonlyMap<string, readonly Edge[]>,
  finished: Set<string>,
  trail: readonly Step[],
): PipelineCycle | undefined {
  const start = trail.findIndex((step) => step.pipeline === pipeline);
  if (start >= 0) {
    const circle = trail.slice(start);
    const path = circle.flatMap((step) => [step.pipeline, step.edge.connector]);
    return { path: [...path, pipeline], at: circle[0]!.edge.at };
  }
  if (finished.has(pipeline)) return undefined;
  for (const edge of edges.get(pipeline) ?? []) {
    const cycle = follow(edge.to, edges, finished, [...trail, { pipeline, edge }]);
    if (cycle) return cycle;
  }
  finished.add(pipeline);
  return undefined;
}
