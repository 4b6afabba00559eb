import { bad, good, type RuleCase } from './rule-case.ts';

const nops = 'receivers: {nop: {}}\nexporters: {nop: {}}\n';
const throughNop = 'service: {pipelines: {logs: {receivers: [nop], exporters: [nop]}}}';

/** A processor with these settings, in no pipeline: the collector checks it all the same. */
const processor = (settings: string): string => `${nops}processors: {${settings}}\n${throughNop}`;

const exporter = (type: string, settings: string): string =>
  `receivers: {nop: {}}\nextensions: {file_storage: {directory: /tmp}}\nexporters: {${type}: {${settings}}}\nservice: {extensions: [file_storage], pipelines: {logs: {receivers: [nop], exporters: [${type}]}}}`;
const grpc = (endpoint: string): string => exporter('otlp_grpc', `endpoint: ${endpoint}`);
const http = (settings: string): string =>
  exporter('otlp_http', `endpoint: "http://localhost:4318", ${settings}`);

const telemetry = (metrics: string): string =>
  `${nops}service: {telemetry: {metrics: ${metrics}}, pipelines: {logs: {receivers: [nop], exporters: [nop]}}}`;
const views = '[{selector: {instrument_name: x}, stream: {name: y}}]';

type Named = readonly [name: string, settings: string];

function each(
  make: (name: string, config: string) => RuleCase,
  body: (settings: string) => string,
  rows: readonly Named[],
) {
  return rows.map(([name, settings]) => make(name, body(settings)));
}
const refusing = (code: string) => (name: string, config: string) => bad(name, [code], config);

const grpcEndpoints = [
  ...each(good, grpc, [
    ['gRPC: a host and a port', '"collector:4317"'],
    ['gRPC: a port alone', '":4317"'],
    ['gRPC: with http://', '"http://collector:4317"'],
    ['gRPC: with https://', '"https://collector:4317"'],
    ['gRPC: a name for the resolver', '"dns:///collector:4317"'],
    ['gRPC: a name server of its own', '"dns://8.8.8.8/collector:4317"'],
    ['gRPC: a Unix socket', '"unix:///run/collector.sock"'],
    ['gRPC: IPv6 in brackets', '"[::1]:4317"'],
    ['gRPC: a port that is none yet', '"collector:99999"'],
    ['gRPC: a host in a variable', '"${env:MUSTER_UNSET:-collector}:4317"'],
  ]),
  ...each(refusing('OC027'), grpc, [
    ['gRPC: a host alone', 'collector'],
    ['gRPC: https:// and a host alone', '"https://collector"'],
    ['gRPC: a port in letters', '"collector:otlp"'],
    ['gRPC: a path', '"http://collector:4317/v1/traces"'],
    ['gRPC: nothing after the colon', '"collector:"'],
    ['gRPC: IPv6 without brackets', '"::1:4317"'],
    ['gRPC: a resolver of another time', '"ipv4:1.2.3.4:4317"'],
    ['gRPC: a domain alone', 'collector.example.com'],
  ]),
];

const memoryLimits = [
  ...each(good, processor, [
    ['memory: a limit', 'memory_limiter: {check_interval: 1s, limit_mib: 400}'],
    [
      'memory: a limit and a spike',
      'memory_limiter: {check_interval: 1s, limit_mib: 400, spike_limit_mib: 100}',
    ],
    [
      'memory: a percentage',
      'memory_limiter: {check_interval: 500ms, limit_percentage: 80, spike_limit_percentage: 25}',
    ],
    ['memory: all of it', 'memory_limiter: {check_interval: 1s, limit_percentage: 100}'],
    [
      'memory: both kinds of limit',
      'memory_limiter: {check_interval: 1s, limit_mib: 400, limit_percentage: 50}',
    ],
    [
      'memory: a spike of the other kind',
      'memory_limiter: {check_interval: 1s, limit_percentage: 50, spike_limit_mib: 60}',
    ],
    ['memory: an interval in nanoseconds', 'memory_limiter: {check_interval: 1000000, limit_mib: 400}'],
    [
      'memory: octal mebibytes',
      'memory_limiter: {check_interval: 1s, limit_mib: 0700, spike_limit_mib: 400}',
    ],
    [
      'memory: a limit in a variable',
      'memory_limiter: {check_interval: 1s, limit_mib: "${env:MUSTER_UNSET:-400}"}',
    ],
    ['memory: everything in an expansion', 'memory_limiter: "${yaml:check_interval: 1s\\nlimit_mib: 400}"'],
  ]),
  ...each(refusing('OC030'), processor, [
    ['memory: no settings', 'memory_limiter: '],
    ['memory: an empty map', 'memory_limiter: {}'],
    ['memory: no limit', 'memory_limiter: {check_interval: 1s}'],
    ['memory: no interval', 'memory_limiter: {limit_mib: 400}'],
    ['memory: an interval of zero', 'memory_limiter: {check_interval: 0s, limit_mib: 400}'],
    ['memory: a negative interval', 'memory_limiter: {check_interval: -1s, limit_mib: 400}'],
    ['memory: limits of zero', 'memory_limiter: {check_interval: 1s, limit_mib: 0, limit_percentage: 0}'],
    [
      'memory: a spike above the limit',
      'memory_limiter: {check_interval: 1s, limit_mib: 400, spike_limit_mib: 500}',
    ],
    [
      'memory: a spike as large as the limit',
      'memory_limiter: {check_interval: 1s, limit_mib: 400, spike_limit_mib: 400}',
    ],
    ['memory: more than everything', 'memory_limiter: {check_interval: 1s, limit_percentage: 150}'],
    [
      'memory: a spike of more than everything',
      'memory_limiter: {check_interval: 1s, limit_mib: 100, spike_limit_percentage: 120}',
    ],
    [
      'memory: a spike percentage above the limit',
      'memory_limiter: {check_interval: 1s, limit_percentage: 50, spike_limit_percentage: 60}',
    ],
    [
      'memory: a wrong spike behind a right limit',
      'memory_limiter: {check_interval: 1s, limit_mib: 100, limit_percentage: 50, spike_limit_percentage: 80}',
    ],
    [
      'memory: a second limiter is wrong',
      'memory_limiter: {check_interval: 1s, limit_mib: 400}, memory_limiter/2: {check_interval: 1s}',
    ],
  ]),
];

const batches = [
  ...each(good, processor, [
    ['batch: defaults', 'batch: '],
    ['batch: a maximum as large as the size', 'batch: {send_batch_size: 100, send_batch_max_size: 100}'],
    ['batch: no maximum', 'batch: {send_batch_size: 100, send_batch_max_size: 0}'],
    ['batch: no size', 'batch: {send_batch_size: 0, send_batch_max_size: 50}'],
    ['batch: no timeout', 'batch: {timeout: 0s}'],
    ['batch: a maximum above the default size', 'batch: {send_batch_max_size: 10000}'],
    ['batch: metadata keys', 'batch: {metadata_keys: [tenant, region], metadata_cardinality_limit: 50}'],
    [
      'batch: a size in a variable',
      'batch: {send_batch_size: "${env:MUSTER_UNSET:-10}", send_batch_max_size: 50}',
    ],
  ]),
  ...each(refusing('OC031'), processor, [
    ['batch: a maximum below the size', 'batch: {send_batch_size: 100, send_batch_max_size: 50}'],
    ['batch: a maximum below the default size', 'batch: {send_batch_max_size: 50}'],
    ['batch: a negative timeout', 'batch: {timeout: -1s}'],
    ['batch: a metadata key twice', 'batch: {metadata_keys: [tenant, Tenant]}'],
    ['batch: a named one is wrong', 'batch: {}, batch/small: {send_batch_max_size: 512}'],
  ]),
];

const queues = [
  ...each(good, http, [
    ['queue: null', 'sending_queue: '],
    ['queue: off with values that would be wrong', 'sending_queue: {enabled: false, queue_size: 0}'],
    [
      'queue: off with storage and waiting',
      'sending_queue: {enabled: false, storage: file_storage, wait_for_result: true}',
    ],
    ['queue: in items', 'sending_queue: {sizer: items, queue_size: 100000, num_consumers: 4}'],
    ['queue: in storage', 'sending_queue: {storage: file_storage, queue_size: 5000}'],
    ['queue: waiting for results', 'sending_queue: {wait_for_result: true}'],
    ['queue: batches by default', 'sending_queue: {batch: {}}'],
    [
      'queue: batches of bytes',
      'sending_queue: {batch: {sizer: bytes, min_size: 1000000, max_size: 4000000, flush_timeout: 1s}}',
    ],
    [
      'queue: large batches counted unlike the queue',
      'sending_queue: {queue_size: 10, batch: {sizer: items, min_size: 10000}}',
    ],
    ['queue: batches by key', 'sending_queue: {batch: {partition: {metadata_keys: [tenant]}}}'],
    ['queue: its size in a variable', 'sending_queue: {queue_size: "${env:MUSTER_UNSET:-10}"}'],
    ['retry: for ever', 'retry_on_failure: {max_elapsed_time: 0s}'],
    ['retry: off', 'retry_on_failure: {enabled: false}'],
    [
      'retry: with longer pauses',
      'retry_on_failure: {initial_interval: 1s, max_interval: 1m, max_elapsed_time: 10m}',
    ],
    ['retry: a first pause above the longest', 'retry_on_failure: {initial_interval: 60s}'],
    [
      'retry: short pauses and an early end',
      'retry_on_failure: {initial_interval: 1s, max_interval: 5s, max_elapsed_time: 5s}',
    ],
  ]),
  ...each(refusing('OC032'), http, [
    ['queue: no room', 'sending_queue: {queue_size: 0}'],
    ['queue: less than no room', 'sending_queue: {queue_size: -1}'],
    ['queue: nobody who sends', 'sending_queue: {num_consumers: 0}'],
    ['queue: storage and waiting', 'sending_queue: {storage: file_storage, wait_for_result: true}'],
    ['queue: batches of requests', 'sending_queue: {batch: {sizer: requests}}'],
    ['queue: batches that never wait', 'sending_queue: {batch: {flush_timeout: 0s}}'],
    ['queue: a maximum below the minimum', 'sending_queue: {batch: {min_size: 100, max_size: 50}}'],
    ['queue: a negative minimum', 'sending_queue: {batch: {min_size: -1}}'],
    [
      'queue: batches larger than the queue',
      'sending_queue: {sizer: items, queue_size: 100, batch: {sizer: items, min_size: 1000}}',
    ],
    ['queue: a key twice', 'sending_queue: {batch: {partition: {metadata_keys: [a, A]}}}'],
    ['retry: an end before the usual longest pause', 'retry_on_failure: {max_elapsed_time: 5s}'],
    ['retry: a negative pause', 'retry_on_failure: {initial_interval: -1s}'],
    ['retry: a negative longest pause', 'retry_on_failure: {max_interval: -1s}'],
    [
      'retry: an end before the longest pause',
      'retry_on_failure: {max_interval: 20s, max_elapsed_time: 10s}',
    ],
    [
      'retry: an end before the first pause',
      'retry_on_failure: {initial_interval: 10s, max_interval: 10s, max_elapsed_time: 1s}',
    ],
  ]),
];

const ownMetrics = [
  ...each(good, telemetry, [
    ['own metrics: null', ''],
    ['own metrics: views in detail', `{level: detailed, views: ${views}}`],
    ['own metrics: views in Detail', `{level: Detailed, views: ${views}}`],
    ['own metrics: off without readers', '{level: none, readers: []}'],
    ['own metrics: null readers', '{readers: }'],
    ['own metrics: a level in a variable', `{level: "\${env:MUSTER_UNSET:-detailed}", views: ${views}}`],
  ]),
  ...each(refusing('OC033'), telemetry, [
    ['own metrics: views of a normal level', `{level: normal, views: ${views}}`],
    ['own metrics: views of no level', `{views: ${views}}`],
    ['own metrics: views of level none', `{level: none, views: ${views}}`],
    ['own metrics: an empty list of views', '{level: basic, views: []}'],
    ['own metrics: no readers', '{readers: []}'],
    ['own metrics: no readers at a basic level', '{level: basic, readers: []}'],
  ]),
];

/** Cases about numbers and endpoints: OC027 and OC030 to OC033. */
export const limitCases: readonly RuleCase[] = [
  ...grpcEndpoints,
  ...memoryLimits,
  ...batches,
  ...queues,
  ...ownMetrics,
];
