import type { PipelineGraph } from '../../src/model/index.ts';

/** One pipeline and those that a connector joins with it. */
export function nearLanes(graph: PipelineGraph, lane: string): PipelineGraph {
  const near = new Set([lane]);
  for (const { from, to } of graph.connectors) {
    if (from.includes(lane)) for (const id of to) near.add(id);
    if (to.includes(lane)) for (const id of from) near.add(id);
  }
  return { ...graph, pipelines: graph.pipelines.filter(({ id }) => near.has(id)) };
}
