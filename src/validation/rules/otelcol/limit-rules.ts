import { getPath } from '../../../manifests/index.ts';
import type { ConfigNode, ScalarNode } from '../../../model/index.ts';
import type { Report } from '../rule.ts';
import type { Component } from './collector-config.ts';
import { withExporter, withProcessors } from './examples.ts';
import { isOpaque } from './expansions.ts';
import { durationAt, isAbsentAt, isFalseAt, isTrueAt, numberAt, scalarAt, textAt } from './settings.ts';
import type { CollectorRule } from './subject.ts';

const memoryLimiterValues: CollectorRule = {
  code: 'OC030',
  name: 'memory-limiter-values',
  severity: 'error',
  summary: 'A `memory_limiter` has no interval or no limit, or its limits contradict each other.',
  advice:
    'The collector refuses to start. Set `check_interval` and one of `limit_mib` and `limit_percentage`.',
  bad: withProcessors(
    'memory_limiter: {check_interval: 1s, limit_mib: 400, spike_limit_mib: 500}',
    'memory_limiter',
  ),
  good: withProcessors(
    'memory_limiter: {check_interval: 1s, limit_mib: 400, spike_limit_mib: 100}',
    'memory_limiter',
  ),
  check({ config }, report) {
    for (const component of config.components.processors.values()) {
      if (component.type === 'memory_limiter' && !isOpaque(component.value)) checkLimiter(component, report);
    }
  },
};

function checkLimiter({ key, value, id }: Component, report: Report): void {
  const interval = durationAt(value, 'check_interval');
  const at = scalarAt(value, 'check_interval')?.at ?? key.at;
  if (isAbsentAt(value, 'check_interval') || (interval !== undefined && interval <= 0n))
    report(at, `${id} needs a check_interval greater than 0, such as 1s`);
  const limits = ['limit_mib', 'limit_percentage'];
  if (limits.every((limit) => isAbsentAt(value, limit) || numberAt(value, limit) === 0))
    report(key.at, `${id} needs a limit_mib or a limit_percentage greater than 0`);
  for (const name of ['limit_percentage', 'spike_limit_percentage']) {
    const percentage = scalarAt(value, name);
    if (percentage && (numberAt(value, name) ?? 0) > 100) report(percentage.at, `${name} is at most 100`);
  }
  checkSpike(value, 'spike_limit_mib', 'limit_mib', report);
  checkSpike(value, 'spike_limit_percentage', 'limit_percentage', report);
}

function checkSpike(settings: ConfigNode, spikeName: string, limitName: string, report: Report): void {
  const [spike, limit] = [numberAt(settings, spikeName), numberAt(settings, limitName)];
  const at = scalarAt(settings, spikeName)?.at;
  if (!at || spike === undefined || limit === undefined || limit === 0 || spike < limit) return;
  report(at, `${spikeName} (${spike}) must be smaller than ${limitName} (${limit})`);
}

const batchSizes: CollectorRule = {
  code: 'OC031',
  name: 'batch-sizes',
  severity: 'error',
  summary: 'A `batch` processor has a maximum below its size, a negative timeout, or a metadata key twice.',
  advice: 'The collector refuses to start. Without `send_batch_size` the size is 8192.',
  bad: withProcessors('batch: {send_batch_size: 8192, send_batch_max_size: 4096}', 'batch'),
  good: withProcessors('batch: {send_batch_size: 4096, send_batch_max_size: 8192}', 'batch'),
  check({ config }, report) {
    for (const { type, value } of config.components.processors.values()) {
      if (type !== 'batch' || isOpaque(value)) continue;
      const max = scalarAt(value, 'send_batch_max_size');
      const most = numberAt(value, 'send_batch_max_size') ?? 0;
      const size = isAbsentAt(value, 'send_batch_size') ? 8192 : numberAt(value, 'send_batch_size');
      if (max && size !== undefined && most > 0 && most < size)
        report(max.at, `send_batch_max_size (${most}) must be at least send_batch_size (${size})`);
      const timeout = scalarAt(value, 'timeout');
      if (timeout && (durationAt(value, 'timeout') ?? 0n) < 0n)
        report(timeout.at, 'timeout must not be negative');
      checkTwice(getPath(value, 'metadata_keys'), report);
    }
  },
};

function checkTwice(list: ConfigNode | undefined, report: Report): void {
  const seen = new Set<string>();
  for (const item of list?.kind === 'list' ? list.items : []) {
    if (item.kind !== 'scalar' || isOpaque(item)) continue;
    const key = item.text.toLowerCase();
    if (seen.has(key))
      report(item.at, `metadata key "${item.text.slice(0, 80)}" stands twice; case does not count`);
    seen.add(key);
  }
}

/** Exporters whose queue is off unless their settings turn it on, so that bad values may lie idle. */
const queueOffByDefault = new Set(['debug', 'load_balancing', 'loadbalancing']);

const queueValues: CollectorRule = {
  code: 'OC032',
  name: 'queue-values',
  severity: 'error',
  summary: 'A `sending_queue` or `retry_on_failure` has values that the exporter refuses.',
  advice: 'The collector refuses to start. The message says which value is wrong.',
  bad: withExporter(
    'otlp_http',
    '{endpoint: "https://collector.example.com", sending_queue: {queue_size: 0}}',
  ),
  good: withExporter(
    'otlp_http',
    '{endpoint: "https://collector.example.com", sending_queue: {queue_size: 2000}}',
  ),
  check({ config }, report) {
    for (const { type, value } of config.components.exporters.values()) {
      const queue = getPath(value, 'sending_queue');
      const isOff = queueOffByDefault.has(type) || isFalseAt(queue, 'enabled');
      if (queue?.kind === 'map' && !isOff && !isOpaque(getPath(queue, 'enabled'))) {
        checkQueue(queue, report);
        checkQueueBatch(queue, report);
      }
      checkRetry(getPath(value, 'retry_on_failure'), commonRetry.has(type), report);
    }
  },
};

function checkQueue(queue: ConfigNode, report: Report): void {
  for (const name of ['queue_size', 'num_consumers']) {
    const scalar = scalarAt(queue, name);
    const value = numberAt(queue, name);
    if (scalar && value !== undefined && value <= 0) report(scalar.at, `${name} must be greater than 0`);
  }
  const waits = scalarAt(queue, 'wait_for_result');
  if (waits && isTrueAt(queue, 'wait_for_result') && scalarAt(queue, 'storage'))
    report(waits.at, 'wait_for_result does not go together with storage');
}

function checkQueueBatch(queue: ConfigNode, report: Report): void {
  const batch = getPath(queue, 'batch');
  if (batch?.kind !== 'map') return;
  const sizer = scalarAt(batch, 'sizer');
  if (sizer?.text === 'requests') report(sizer.at, 'a batch is counted in items or bytes, not in requests');
  const flush = scalarAt(batch, 'flush_timeout');
  if (flush && (durationAt(batch, 'flush_timeout') ?? 1n) <= 0n)
    report(flush.at, 'flush_timeout must be greater than 0');
  const [least, most] = [numberAt(batch, 'min_size'), numberAt(batch, 'max_size')];
  const max = scalarAt(batch, 'max_size');
  const min = scalarAt(batch, 'min_size');
  if (min && least !== undefined && least < 0) report(min.at, 'min_size must not be negative');
  if (max && least !== undefined && most !== undefined && most > 0 && most < least)
    report(max.at, `max_size (${most}) must be at least min_size (${least})`);
  checkBatchFits(queue, batch, min, least, report);
  checkTwice(getPath(batch, 'partition::metadata_keys'), report);
}

function checkBatchFits(
  queue: ConfigNode,
  batch: ConfigNode,
  min: ScalarNode | undefined,
  least: number | undefined,
  report: Report,
): void {
  const size = isAbsentAt(queue, 'queue_size') ? 1000 : numberAt(queue, 'queue_size');
  const queueSizer = isAbsentAt(queue, 'sizer') ? 'requests' : textAt(queue, 'sizer');
  const batchSizer = textAt(batch, 'sizer');
  // An unset sizer of the batch follows the queue's in some releases only, so both must be written.
  if (!min || least === undefined || size === undefined || batchSizer !== queueSizer || least <= size) return;
  report(min.at, `min_size (${least}) must be at most queue_size (${size}), or no batch would ever be full`);
}

/** Exporters whose pauses are the common ones where they are not set; others have their own. */
const commonRetry: ReadonlySet<string> = new Set(['otlp', 'otlp_grpc', 'otlphttp', 'otlp_http']);
const second = 1_000_000_000n;
const retryDefaults = { initial_interval: 5n * second, max_interval: 30n * second };

function checkRetry(retry: ConfigNode | undefined, hasDefaults: boolean, report: Report): void {
  // Whether one that is off is looked at differs from release to release.
  if (retry?.kind !== 'map' || isFalseAt(retry, 'enabled') || isOpaque(getPath(retry, 'enabled'))) return;
  const durations = ['initial_interval', 'max_interval', 'max_elapsed_time'];
  for (const name of durations) {
    const scalar = scalarAt(retry, name);
    if (scalar && (durationAt(retry, name) ?? 0n) < 0n) report(scalar.at, `${name} must not be negative`);
  }
  const elapsed = scalarAt(retry, 'max_elapsed_time');
  const total = durationAt(retry, 'max_elapsed_time') ?? 0n;
  if (!elapsed || total <= 0n) return;
  for (const name of ['initial_interval', 'max_interval'] as const) {
    const isDefault = hasDefaults && isAbsentAt(retry, name);
    const interval = isDefault ? retryDefaults[name] : durationAt(retry, name);
    if (interval === undefined || total >= interval) continue;
    const which = isDefault ? `${name}, which is ${interval / second}s where it is not set` : name;
    report(elapsed.at, `max_elapsed_time must not be shorter than ${which}`);
    return;
  }
}

/** Rules on numbers that bound what a component takes. */
export const limitRules: readonly CollectorRule[] = [memoryLimiterValues, batchSizes, queueValues];
