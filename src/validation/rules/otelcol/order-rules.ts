import { getPath } from '../../../manifests/index.ts';
import type { CollectorConfig, Pipeline, Reference } from './collector-config.ts';
import { typeOf } from './collector-config.ts';
import { withExporter, withProcessors } from './examples.ts';
import { isOpaque } from './expansions.ts';
import { textAt } from './settings.ts';
import type { CollectorRule } from './subject.ts';

const limiter = 'memory_limiter: {check_interval: 1s, limit_mib: 400}';

const memoryLimiterOrder: CollectorRule = {
  code: 'OC043',
  name: 'memory-limiter-order',
  severity: 'warning',
  summary: 'A `memory_limiter` is not the first processor of its pipeline.',
  advice: 'What stands before it has already taken its memory. Put it first.',
  bad: withProcessors(`batch: {}, ${limiter}`, 'batch, memory_limiter'),
  good: withProcessors(`batch: {}, ${limiter}`, 'memory_limiter, batch'),
  check({ config }, report) {
    for (const { id, processors } of config.pipelines) {
      const index = processors.references.findIndex((one) => typeOf(one.id) === 'memory_limiter');
      const reference = processors.references[index];
      if (!reference || index === 0 || !processors.isKnown) continue;
      report(
        reference.at,
        `"${reference.id}" should be the first processor; in "${id}" it is number ${index + 1}`,
      );
    }
  },
};

const memoryLimiterMissing: CollectorRule = {
  code: 'OC044',
  name: 'memory-limiter-missing',
  severity: 'info',
  needsEveryVariant: true,
  summary: 'No pipeline has a `memory_limiter`, although some send data on.',
  advice: 'A burst can use up the agent’s memory. Put one first in each pipeline.',
  bad: withExporter('otlp_http', '{endpoint: "https://collector.example.com"}'),
  good: withProcessors(limiter, 'memory_limiter'),
  check({ config }, report) {
    const first = config.pipelines.find(({ exporters }) =>
      exporters.references.some(({ id }) => sendsOn(config, id)),
    );
    if (!first || !config.arePipelinesKnown) return;
    const isLimited = config.pipelines.some(({ processors }) =>
      processors.references.some(({ id }) => typeOf(id) === 'memory_limiter'),
    );
    if (!isLimited) report(first.key.at, 'no pipeline has a memory_limiter; a burst can use up the memory');
  },
};

function sendsOn(config: CollectorConfig, id: string): boolean {
  return config.components.exporters.has(id) && !['debug', 'nop'].includes(typeOf(id));
}

/** Processors that take batches apart, so that a batch made before them is lost. */
const splitting = new Set([
  'filter',
  'tail_sampling',
  'probabilistic_sampler',
  'groupbyattrs',
  'groupbytrace',
  'log_dedup',
  'logdedup',
  'interval',
]);

const batchOrder: CollectorRule = {
  code: 'OC045',
  name: 'batch-order',
  severity: 'warning',
  summary: 'A processor that drops or regroups data stands after `batch`.',
  advice:
    'It takes the batches apart again. Put `batch` last, or let the exporter batch (`sending_queue.batch`).',
  bad: withProcessors(
    'batch: {}, probabilistic_sampler: {sampling_percentage: 10}',
    'batch, probabilistic_sampler',
  ),
  good: withProcessors(
    'batch: {}, probabilistic_sampler: {sampling_percentage: 10}',
    'probabilistic_sampler, batch',
  ),
  check({ config }, report) {
    for (const { after } of afterBatch(config, splitting)) {
      if (after.later.some(({ id }) => typeOf(id) === 'batch')) continue;
      report(after.at, `"${after.id}" takes apart what batch put together before it; put batch last`);
    }
  },
};

const contextReaders = new Set(['k8s_attributes', 'k8sattributes']);

const k8sAfterBatch: CollectorRule = {
  code: 'OC046',
  name: 'k8s-after-batch',
  severity: 'warning',
  summary: 'A `k8s_attributes` processor that looks at the connection stands after `batch`.',
  advice:
    'Batches have no connection any more, so pods are not found. Put it before `batch`, or associate by resource attributes only.',
  bad: withProcessors('batch: {}, k8s_attributes: {}', 'batch, k8s_attributes'),
  good: withProcessors('batch: {}, k8s_attributes: {}', 'k8s_attributes, batch'),
  check({ config }, report) {
    for (const { after } of afterBatch(config, contextReaders)) {
      if (!readsConnection(config, after.id)) continue;
      report(after.at, `"${after.id}" needs the connection of a request, which batch before it removes`);
    }
  },
};

/** Without associations of its own the processor takes the connection’s address where no attribute tells the pod. */
function readsConnection(config: CollectorConfig, id: string): boolean {
  const settings = config.components.processors.get(id)?.value;
  const associations = getPath(settings, 'pod_association');
  if (isOpaque(settings) || isOpaque(associations)) return false;
  if (associations?.kind !== 'list' || associations.items.length === 0) return true;
  return associations.items.some((association) => {
    const sources = getPath(association, 'sources');
    return (
      sources?.kind === 'list' && sources.items.some((source) => textAt(source, 'from') === 'connection')
    );
  });
}

interface AfterBatch {
  readonly pipeline: Pipeline;
  readonly after: Reference & { readonly later: readonly Reference[] };
}

/** Processors of these types that stand behind a batch. */
function afterBatch(config: CollectorConfig, types: ReadonlySet<string>): readonly AfterBatch[] {
  return config.pipelines.flatMap((pipeline) => {
    const { references } = pipeline.processors;
    const batch = references.findIndex(({ id }) => typeOf(id) === 'batch');
    if (batch < 0) return [];
    return references.flatMap((reference, index) => {
      if (index <= batch || !types.has(typeOf(reference.id))) return [];
      return [{ pipeline, after: { ...reference, later: references.slice(index + 1) } }];
    });
  });
}

/** Rules on the order of processors. */
export const orderRules: readonly CollectorRule[] = [
  memoryLimiterOrder,
  memoryLimiterMissing,
  batchOrder,
  k8sAfterBatch,
];
