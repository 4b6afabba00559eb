import { componentId } from '../blocks/net.ts';
import { errorMode } from '../blocks/ottl.ts';
import {
  bool,
  choice,
  duration,
  type Fields,
  float,
  int,
  listOf,
  openSettings,
  settings,
  text,
  uint,
} from '../shape.ts';

// An unknown block of a policy is taken for the settings of an extension, so policies are open.
const policyFields = {
  boolean_attribute: settings({ invert_match: bool, key: text, value: bool }),
  bytes_limiting: settings({ burst_capacity: int, bytes_per_second: int }),
  latency: settings({ threshold_ms: int, upper_threshold_ms: int }),
  name: text,
  numeric_attribute: settings({ invert_match: bool, key: text, max_value: int, min_value: int }),
  ottl_condition: settings({ error_mode: errorMode, span: listOf(text), spanevent: listOf(text) }),
  probabilistic: settings({ hash_salt: text, sampling_percentage: float }),
  rate_limiting: settings({ burst_capacity: int, spans_per_second: int }),
  span_count: settings({ max_spans: int, min_spans: int }),
  status_code: settings({ status_codes: listOf(text) }),
  string_attribute: settings({
    cache_max_size: int,
    enabled_regex_matching: bool,
    invert_match: bool,
    key: text,
    values: listOf(text),
  }),
  trace_state: settings({ key: text, values: listOf(text) }),
  type: text,
} satisfies Fields;

const not = settings({ not_sub_policy: openSettings(policyFields) });
const subPolicies = listOf(openSettings({ ...policyFields, not }));
const and = settings({ and_sub_policy: subPolicies });

const composite = settings({
  composite_sub_policy: listOf(openSettings({ ...policyFields, and })),
  max_total_spans_per_second: int,
  policy_order: listOf(text),
  rate_allocation: listOf(settings({ percent: int, policy: text })),
});

/** Settings of the tail_sampling processor. */
export const tailSamplingProcessor = settings({
  block_on_overflow: bool,
  decision_cache: settings({ non_sampled_cache_size: int, sampled_cache_size: int }),
  decision_wait: duration,
  decision_wait_after_root_received: duration,
  drop_pending_traces_on_shutdown: bool,
  expected_new_traces_per_sec: uint,
  maximum_trace_size_bytes: uint,
  num_shards: uint,
  num_traces: uint,
  policies: listOf(
    openSettings({ ...policyFields, and, composite, drop: settings({ drop_sub_policy: subPolicies }), not }),
  ),
  sample_on_first_match: bool,
  sampling_strategy: choice('trace-complete', 'span-ingest', ''),
  tail_storage: componentId,
});
