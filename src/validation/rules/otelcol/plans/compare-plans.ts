import type { ConfigNode, Position, Severity } from '../../../../model/index.ts';
import { type CollectorConfig, type Pipeline, readCollectorConfig, typeOf } from '../collector-config.ts';
import { type PlanCode, planRules } from './plan-rules.ts';

/** Something that a change does to an agent's data, worth a second look before it is merged. */
export interface PlanFinding {
  readonly code: PlanCode;
  readonly severity: Severity;
  /** Where the new config says so. */
  readonly at: Position;
  /** The pipeline's id. */
  readonly pipeline: string;
  readonly message: string;
}

/** Exporters that end in a log or nowhere. */
const idleExporters = new Set(['debug', 'logging', 'nop']);

/** Processors that leave part of the data out. */
const droppingProcessors = new Set([
  'filter',
  'probabilistic_sampler',
  'tail_sampling',
  'dynamic_sampling',
  'span_pruning',
  'spanpruning',
]);

/**
 * What a change from one merged collector config to another loses: pipelines without an exporter that leads anywhere,
 * filters and samplers that were not there. A config without a predecessor loses nothing. What `${…}` hides is not
 * judged. `severities` are those of the Fleet, by code.
 */
export function comparePlans(
  before: ConfigNode | undefined,
  after: ConfigNode,
  severities: ReadonlyMap<string, Severity | 'off'> = new Map(),
): readonly PlanFinding[] {
  if (!before) return [];
  const [old, now] = [readCollectorConfig(before), readCollectorConfig(after)];
  const losses = [...findLostExporters(old, now), ...findNewFilters(old, now)];
  return losses.flatMap((loss) => {
    const rule = planRules.find(({ code }) => code === loss.code);
    const severity = severities.get(loss.code) ?? rule?.severity ?? 'warning';
    return severity === 'off' ? [] : [{ ...loss, severity }];
  });
}

type Loss = Omit<PlanFinding, 'severity'>;

function findLostExporters(old: CollectorConfig, now: CollectorConfig): readonly Loss[] {
  return old.pipelines.flatMap((pipeline) => {
    const lost = realExporters(pipeline);
    if (lost.length === 0) return [];
    const successor = now.pipelines.find(({ id }) => id === pipeline.id);
    if (!successor) return findLostSignal(pipeline, now);
    if (!successor.exporters.isKnown || realExporters(successor).length > 0) return [];
    const at = successor.exporters.entry?.key.at ?? successor.key.at;
    const message = `pipeline "${pipeline.id}" loses its last exporter that is not debug: ${lost.join(', ')}`;
    return [{ code: 'OC061' as const, at, pipeline: pipeline.id, message }];
  });
}

/** A pipeline may be renamed; gone is what no pipeline of its signal exports any more. */
function findLostSignal({ id, signal }: Pipeline, now: CollectorConfig): readonly Loss[] {
  const others = now.pipelines.filter((pipeline) => pipeline.signal === signal);
  const isOpen = !now.arePipelinesKnown || others.some((pipeline) => realExporters(pipeline).length > 0);
  if (isOpen) return [];
  const at = now.service?.key.at ?? now.root.at;
  const message = `pipeline "${id}" is gone, and no other exports ${signal}`;
  return [{ code: 'OC061', at, pipeline: id, message }];
}

function realExporters({ exporters }: Pipeline): readonly string[] {
  return exporters.references.map(({ id }) => id).filter((id) => !idleExporters.has(typeOf(id)));
}

function findNewFilters(old: CollectorConfig, now: CollectorConfig): readonly Loss[] {
  return now.pipelines.flatMap((pipeline) => {
    const predecessors = predecessorsOf(pipeline, old);
    if (predecessors.length === 0 || predecessors.some(({ processors }) => !processors.isKnown)) return [];
    const had = new Set(predecessors.flatMap(({ processors }) => processors.references.map(({ id }) => id)));
    return pipeline.processors.references
      .filter(({ id }) => droppingProcessors.has(typeOf(id)) && !had.has(id))
      .map(({ id, at }) => ({
        code: 'OC062' as const,
        at,
        pipeline: pipeline.id,
        message: `"${id}" is new in pipeline "${pipeline.id}": part of its ${pipeline.signal} will be left out`,
      }));
  });
}

/** A new pipeline takes over from those of its signal. */
function predecessorsOf({ id, signal }: Pipeline, old: CollectorConfig): readonly Pipeline[] {
  const same = old.pipelines.find((pipeline) => pipeline.id === id);
  return same ? [same] : old.pipelines.filter((pipeline) => pipeline.signal === signal);
}
