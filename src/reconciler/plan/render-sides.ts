import type { RenderedConfig, RenderResult } from '../../model/index.ts';
import type { RenderRequest } from '../ports.ts';
import type { PlanEngine } from './ports.ts';
import { stalePlan } from './stale-plan.ts';

const batchSize = 256;

/**
 * Renders what agents have and would get, once per render key; of the files only names are kept. Throws `PLAN_STALE`
 * where a revision left the engine meanwhile.
 */
export async function renderSides(
  requests: ReadonlyMap<string, RenderRequest>,
  engine: Pick<PlanEngine, 'render'>,
): Promise<ReadonlyMap<string, RenderResult>> {
  const renderings = new Map<string, RenderResult>();
  const shared = new Map<string, RenderedConfig>();
  const wanted = [...requests];
  for (let start = 0; start < wanted.length; start += batchSize) {
    const batch = wanted.slice(start, start + batchSize);
    const results = await engine.render(batch.map(([, request]) => request));
    for (const [index, [key]] of batch.entries()) {
      const result = results[index];
      if (!result) throw stalePlan();
      renderings.set(key, withoutBodies(result, shared));
    }
  }
  return renderings;
}

/** Equal configs are one object, so that builds are compared with each once. */
function withoutBodies(result: RenderResult, shared: Map<string, RenderedConfig>): RenderResult {
  if (result.kind === 'held') return result;
  const { hash, components, files } = result.config;
  const empty = new Uint8Array();
  const config = shared.get(hash) ?? {
    hash,
    components,
    files: files.map(({ key, contentType }) => ({ key, contentType, body: empty })),
  };
  shared.set(hash, config);
  return { kind: 'rendered', config };
}
