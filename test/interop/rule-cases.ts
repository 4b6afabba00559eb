import { contribCases } from './rule-cases/contrib-cases.ts';
import { limitCases } from './rule-cases/limit-cases.ts';
import { pipelineCases } from './rule-cases/pipeline-cases.ts';
import { bad, good, ours, type RuleCase } from './rule-cases/rule-case.ts';

export type { RuleCase } from './rule-cases/rule-case.ts';

const receivers = 'receivers: {otlp: {protocols: {grpc: {}}}, nop: {}}';
const exporters = 'exporters: {debug: {}, nop: {}, otlp_http: {endpoint: "http://localhost:4318"}}';
const traces = '{receivers: [otlp], exporters: [debug]}';

/** A config of the usual receivers and exporters, with these sections besides. */
const body = (...sections: readonly string[]): string => [receivers, exporters, ...sections].join('\n');
const withPipelines = (pipelines: string, ...sections: readonly string[]): string =>
  body(...sections, `service: {pipelines: {${pipelines}}}`);

const batch = 'processors: {batch: {}, memory_limiter: {check_interval: 1s, limit_mib: 400}}';

const accepted: readonly RuleCase[] = [
  good('the smallest pipeline', withPipelines(`traces: ${traces}`)),
  good(
    'null components',
    'receivers: {nop: }\nexporters: {nop: }\nservice: {pipelines: {logs: {receivers: [nop], exporters: [nop]}}}',
  ),
  good('every signal', withPipelines(`traces: ${traces}, metrics: ${traces}, logs: ${traces}`)),
  good('named pipelines', withPipelines(`traces: ${traces}, traces/two: ${traces}, logs/a-b.c_d: ${traces}`)),
  good(
    'named components',
    'receivers: {nop/a: {}, nop/b-1.2: {}}\nexporters: {debug/x/y: {}}\nservice: {pipelines: {logs: {receivers: [nop/a, nop/b-1.2], exporters: [debug/x/y]}}}',
  ),
  good('unused components', withPipelines(`traces: ${traces}`, 'processors: {batch: {}, batch/2: {}}')),
  good(
    'an extension that is defined only',
    withPipelines(`traces: ${traces}`, 'extensions: {health_check: {}}'),
  ),
  good(
    'an extension that is enabled',
    body(
      'extensions: {health_check: {}}',
      `service: {extensions: [health_check], pipelines: {traces: ${traces}}}`,
    ),
  ),
  good('no extensions', body('extensions:', `service: {extensions: , pipelines: {traces: ${traces}}}`)),
  good(
    'processors in order',
    withPipelines(
      'traces: {receivers: [otlp], processors: [memory_limiter, batch], exporters: [debug]}',
      batch,
    ),
  ),
  good(
    'processors against all advice',
    withPipelines(
      'traces: {receivers: [otlp], processors: [batch, memory_limiter], exporters: [debug]}',
      batch,
    ),
  ),
  good(
    'an empty list of processors',
    withPipelines('traces: {receivers: [otlp], processors: [], exporters: [debug]}'),
  ),
  good('null processors', withPipelines('traces: {receivers: [otlp], processors: , exporters: [debug]}')),
  good(
    'a forward connector',
    withPipelines(
      'traces: {receivers: [otlp], exporters: [forward]}, traces/2: {receivers: [forward], exporters: [debug]}',
      'connectors: {forward: {}}',
    ),
  ),
  good(
    'a connector for two signals',
    withPipelines(
      'traces: {receivers: [otlp], exporters: [forward]}, traces/2: {receivers: [forward], exporters: [debug]}, logs: {receivers: [otlp], exporters: [forward]}, logs/2: {receivers: [forward], exporters: [debug]}',
      'connectors: {forward: {}}',
    ),
  ),
  good(
    'a connector from traces to metrics',
    withPipelines(
      'traces: {receivers: [otlp], exporters: [span_metrics, debug]}, metrics: {receivers: [span_metrics], exporters: [debug]}',
      'connectors: {span_metrics: {}}',
    ),
  ),
  good(
    'the old name of that connector',
    withPipelines(
      'traces: {receivers: [otlp], exporters: [spanmetrics]}, metrics: {receivers: [spanmetrics], exporters: [debug]}',
      'connectors: {spanmetrics: {}}',
    ),
  ),
  good('an unused connector', withPipelines(`traces: ${traces}`, 'connectors: {forward: {}}')),
  good(
    'a chain of connectors',
    withPipelines(
      'logs: {receivers: [otlp], exporters: [forward]}, logs/2: {receivers: [forward], exporters: [forward/b]}, logs/3: {receivers: [forward/b], exporters: [debug]}',
      'connectors: {forward: {}, forward/b: {}}',
    ),
  ),
  good(
    'the same id in two kinds',
    'receivers: {nop: {}}\nexporters: {nop: {}}\nservice: {pipelines: {logs: {receivers: [nop], exporters: [nop]}}}',
  ),
  good(
    'old aliases',
    'receivers: {hostmetrics: {scrapers: {load: {}}}}\nexporters: {otlphttp: {endpoint: "http://localhost:4318"}, otlp: {endpoint: "localhost:4317"}}\nservice: {pipelines: {metrics: {receivers: [hostmetrics], exporters: [otlphttp, otlp]}}}',
  ),
  good(
    'new names',
    'receivers: {host_metrics: {scrapers: {load: {}}}}\nexporters: {otlp_http: {endpoint: "http://localhost:4318"}, otlp_grpc: {endpoint: "localhost:4317"}}\nservice: {pipelines: {metrics: {receivers: [host_metrics], exporters: [otlp_http, otlp_grpc]}}}',
  ),
  good(
    'block style and quotes',
    '"receivers":\n  \'nop\':\nexporters:\n  "nop": {}\nservice:\n  pipelines:\n    "logs":\n      receivers:\n        - "nop"\n      exporters:\n      - nop\n',
  ),
  good(
    'anchors outside of it all',
    'receivers: {nop: {}}\nexporters:\n  debug: &settings {verbosity: detailed}\n  debug/2: *settings\n  debug/3: {<<: *settings}\nservice: {pipelines: {logs: {receivers: [nop], exporters: [debug, debug/2, debug/3]}}}',
  ),
  good(
    'an environment variable that is not set',
    withPipelines(
      `traces: ${traces}`,
      'extensions: {health_check: {endpoint: "localhost:${env:MUSTER_UNSET:-13133}"}}',
    ),
  ),
  good(
    'a variable without scheme',
    withPipelines(`traces: ${traces}`, 'extensions: {health_check: {endpoint: "localhost:${MUSTER_UNSET}"}}'),
  ),
  good(
    'a doubled dollar',
    'receivers: {nop: {}}\nexporters: {otlp_http: {endpoint: "http://localhost:4318", headers: {x-a: "$$1 $${b}"}}}\nservice: {pipelines: {logs: {receivers: [nop], exporters: [otlp_http]}}}',
  ),
  good(
    'a bare dollar',
    'receivers: {nop: {}}\nexporters: {otlp_http: {endpoint: "http://localhost:4318", headers: {x-a: "$1"}}}\nservice: {pipelines: {logs: {receivers: [nop], exporters: [otlp_http]}}}',
  ),
  good(
    'a section of an expansion',
    'receivers: {nop: {}}\nexporters: "${yaml:debug: }"\nservice: {pipelines: {logs: {receivers: [nop], exporters: [debug]}}}',
  ),
  good('a pipeline of an expansion', withPipelines('logs: "${yaml:receivers: [otlp]\\nexporters: [debug]}"')),
  good(
    'a list of an expansion',
    withPipelines('logs: {receivers: "${yaml:[otlp, nop]}", exporters: [debug]}'),
  ),
  good(
    'a component in a variable',
    withPipelines('logs: {receivers: [otlp], exporters: ["${env:MUSTER_UNSET:-debug}"]}'),
  ),
  good(
    'a component whose settings are an expansion',
    'receivers: {nop: {}}\nexporters: {debug: "${yaml:verbosity: detailed}"}\nservice: {pipelines: {logs: {receivers: [nop], exporters: [debug]}}}',
  ),
  good(
    'telemetry off',
    body(
      `service: {telemetry: {metrics: {level: none}, logs: {level: error}}, pipelines: {traces: ${traces}}}`,
    ),
  ),
  good(
    'the same receiver in many pipelines',
    withPipelines(
      `traces: ${traces}, logs: ${traces}, metrics: {receivers: [otlp, nop], exporters: [debug, nop]}`,
    ),
  ),
  good('the same receiver twice', withPipelines('traces: {receivers: [otlp, otlp], exporters: [debug]}')),
  good('the same exporter twice', withPipelines('traces: {receivers: [otlp], exporters: [debug, debug]}')),
  good(
    'storage that is enabled',
    'receivers: {nop: {}}\nextensions: {file_storage: {directory: /tmp}}\nexporters: {otlp_http: {endpoint: "http://localhost:4318", sending_queue: {storage: file_storage}}}\nservice: {extensions: [file_storage], pipelines: {logs: {receivers: [nop], exporters: [otlp_http]}}}',
  ),
  good(
    'an id in letters of many scripts',
    'receivers: {nop/für-α_β: {}}\nexporters: {nop: {}}\nservice: {pipelines: {logs/zwei: {receivers: [nop/für-α_β], exporters: [nop]}}}',
  ),
];

const refused: readonly RuleCase[] = [
  bad('a flow map that does not end', ['OC001'], 'receivers: {otlp: [}'),
  bad('a tab for indentation', ['OC001'], 'receivers:\n\tnop: {}\n'),
  bad('a mapping value where none may be', ['OC001'], 'receivers: a: b\n'),
  bad('an alias to nothing', ['OC001'], `${body()}\nservice: *nothing\n`),
  bad('the same section twice', ['OC002'], `${withPipelines(`traces: ${traces}`)}\nexporters: {nop: {}}`),
  bad(
    'the same pipeline twice',
    ['OC002'],
    `${body()}\nservice:\n  pipelines:\n    traces: ${traces}\n    traces: ${traces}\n`,
  ),
  bad(
    'the same component twice',
    ['OC002'],
    'receivers: {nop: {}, nop: {}}\nexporters: {nop: {}}\nservice: {pipelines: {logs: {receivers: [nop], exporters: [nop]}}}',
  ),
  bad('an unknown section', ['OC003'], `${withPipelines(`traces: ${traces}`)}\nexporter: {debug: {}}`),
  bad('an extension field of the top', ['OC003'], `${withPipelines(`traces: ${traces}`)}\nx-common: {a: b}`),
  bad(
    'an unknown key of service',
    ['OC003'],
    body(`service: {pipeline: {}, pipelines: {traces: ${traces}}}`),
  ),
  bad('nothing at all', ['OC004'], '{}'),
  bad('no pipelines', ['OC004'], body('service: {}')),
  bad('an empty map of pipelines', ['OC004'], body('service: {pipelines: {}}')),
  bad('no receivers', ['OC004', 'OC009'], `${exporters}\nservice: {pipelines: {traces: ${traces}}}`),
  bad('no exporters', ['OC004', 'OC011'], `${receivers}\nservice: {pipelines: {traces: ${traces}}}`),
  bad(
    'a space in a name',
    ['OC005'],
    'receivers: {"nop/my name": {}}\nexporters: {nop: {}}\nservice: {pipelines: {logs: {receivers: ["nop/my name"], exporters: [nop]}}}',
  ),
  bad(
    'a symbol in a name',
    ['OC005'],
    'receivers: {"nop/a+b": {}}\nexporters: {nop: {}}\nservice: {pipelines: {logs: {receivers: ["nop/a+b"], exporters: [nop]}}}',
  ),
  bad(
    'nothing after the slash',
    ['OC005'],
    'receivers: {"nop/": {}}\nexporters: {nop: {}}\nservice: {pipelines: {logs: {receivers: ["nop/"], exporters: [nop]}}}',
  ),
  bad(
    'a type that starts with a digit',
    ['OC005'],
    `${withPipelines(`traces: ${traces}`)}\nprocessors: {1batch: {}}`,
  ),
  bad(
    'a type with a hyphen',
    ['OC005'],
    `${withPipelines(`traces: ${traces}`)}\nprocessors: {memory-limiter: {check_interval: 1s, limit_mib: 400}}`,
  ),
  bad('a signal that is none', ['OC006'], withPipelines(`trace: ${traces}`)),
  bad('a signal in capitals', ['OC006'], withPipelines(`Traces: ${traces}`)),
  bad(
    'profiles without their gate',
    ['OC007'],
    withPipelines('profiles: {receivers: [nop], exporters: [nop]}'),
  ),
  bad('a pipeline without exporters', ['OC008'], withPipelines('logs: {receivers: [otlp]}')),
  bad('a pipeline without receivers', ['OC008'], withPipelines('logs: {exporters: [debug]}')),
  bad('a pipeline of empty lists', ['OC008'], withPipelines('logs: {receivers: [], exporters: []}')),
  bad('an empty pipeline', ['OC008'], withPipelines('logs: {}')),
  bad('a null pipeline', ['OC008'], withPipelines('logs: ')),
  bad('a misspelt receiver', ['OC009'], withPipelines('logs: {receivers: [oltp], exporters: [debug]}')),
  bad('an exporter as receiver', ['OC009'], withPipelines('logs: {receivers: [debug], exporters: [nop]}')),
  bad(
    'an undefined processor',
    ['OC010'],
    withPipelines('logs: {receivers: [otlp], processors: [batch], exporters: [debug]}'),
  ),
  bad(
    'a processor that null erased',
    ['OC010'],
    withPipelines('logs: {receivers: [otlp], processors: [batch], exporters: [debug]}', 'processors: '),
  ),
  bad('an undefined exporter', ['OC011'], withPipelines('logs: {receivers: [otlp], exporters: [otlp_grpc]}')),
  bad(
    'an exporter of another name',
    ['OC011'],
    withPipelines('logs: {receivers: [otlp], exporters: [debug/eu]}'),
  ),
  bad(
    'an undefined extension',
    ['OC012'],
    body(`service: {extensions: [health_check], pipelines: {traces: ${traces}}}`),
  ),
  bad(
    'a processor twice',
    ['OC013'],
    withPipelines('logs: {receivers: [otlp], processors: [batch, batch], exporters: [debug]}', batch),
  ),
  bad(
    'a connector named as an exporter',
    ['OC014', 'OC021'],
    'receivers: {nop: {}}\nexporters: {debug: {}, nop: {}}\nconnectors: {forward: {}, nop: {}}\nservice: {pipelines: {logs: {receivers: [nop], exporters: [debug]}}}',
  ),
  bad(
    'a connector used as exporter only',
    ['OC015'],
    withPipelines('logs: {receivers: [otlp], exporters: [forward]}', 'connectors: {forward: {}}'),
  ),
  bad(
    'a connector used as receiver only',
    ['OC015'],
    withPipelines('logs: {receivers: [forward], exporters: [debug]}', 'connectors: {forward: {}}'),
  ),
  bad(
    'a connector between signals that it does not join',
    ['OC016'],
    withPipelines(
      'logs: {receivers: [otlp], exporters: [span_metrics]}, metrics: {receivers: [span_metrics], exporters: [debug]}',
      'connectors: {span_metrics: {}}',
    ),
  ),
  bad(
    'a forward that changes the signal',
    ['OC016'],
    withPipelines(
      'logs: {receivers: [otlp], exporters: [forward]}, metrics: {receivers: [forward], exporters: [debug]}',
      'connectors: {forward: {}}',
    ),
  ),
  bad(
    'a cycle of one',
    ['OC017'],
    withPipelines('logs: {receivers: [otlp, forward], exporters: [forward]}', 'connectors: {forward: {}}'),
  ),
  bad(
    'a cycle of two',
    ['OC017'],
    withPipelines(
      'logs: {receivers: [otlp, forward/b], exporters: [forward]}, logs/2: {receivers: [forward], exporters: [forward/b, debug]}',
      'connectors: {forward: {}, forward/b: {}}',
    ),
  ),
  bad(
    'a receiver of another signal',
    ['OC018'],
    'receivers: {host_metrics: {scrapers: {load: {}}}}\nexporters: {nop: {}}\nservice: {pipelines: {traces: {receivers: [host_metrics], exporters: [nop]}}}',
  ),
  bad(
    'a processor of another signal',
    ['OC018'],
    withPipelines(
      'metrics: {receivers: [otlp], processors: [probabilistic_sampler], exporters: [debug]}',
      'processors: {probabilistic_sampler: {sampling_percentage: 10}}',
    ),
  ),
  bad(
    'text where a list must be',
    ['OC022'],
    withPipelines('logs: {receivers: {otlp: {}}, exporters: [debug]}'),
  ),
  bad('a map of pipelines as a list', ['OC004', 'OC022'], body('service: {pipelines: [traces]}')),
  bad(
    'a variable named with a digit first',
    ['OC034'],
    withPipelines(`traces: ${traces}`, 'extensions: {health_check: {endpoint: "${env:1ST-KEY}"}}'),
  ),
];

const elsewhere: readonly RuleCase[] = [
  ours(
    'the supervisor’s own extension',
    ['OC039'],
    body(
      'extensions: {opamp: {server: {ws: {endpoint: "ws://localhost:4320/v1/opamp"}}}}',
      `service: {extensions: [opamp], pipelines: {traces: ${traces}}}`,
    ),
  ),
  bad('a type that is nowhere', ['OC020'], `${withPipelines(`traces: ${traces}`)}\nprocessors: {batsh: {}}`),
  bad(
    'an unknown field',
    ['OC024'],
    'receivers: {nop: {}}\nexporters: {debug: {verbositi: basic}}\nservice: {pipelines: {logs: {receivers: [nop], exporters: [debug]}}}',
  ),
  bad(
    'a missing endpoint',
    ['OC026'],
    'receivers: {nop: {}}\nexporters: {otlp_grpc: {tls: {insecure: true}}}\nservice: {pipelines: {logs: {receivers: [nop], exporters: [otlp_grpc]}}}',
  ),
  bad(
    'a memory limiter without an interval',
    ['OC030'],
    withPipelines(
      'logs: {receivers: [otlp], processors: [memory_limiter], exporters: [debug]}',
      'processors: {memory_limiter: {limit_mib: 400}}',
    ),
  ),
  bad(
    'a default without the scheme env',
    ['OC034'],
    withPipelines(
      `traces: ${traces}`,
      'extensions: {health_check: {endpoint: "localhost:${MUSTER_UNSET:-13133}"}}',
    ),
  ),
  bad(
    'a duration without unit',
    ['OC025'],
    withPipelines(`traces: ${traces}`, 'processors: {batch: {timeout: "5"}}'),
  ),
];

/** Every case: what both take, what both refuse, and where they rightly differ. */
export const ruleCases: readonly RuleCase[] = [
  ...accepted,
  ...refused,
  ...elsewhere,
  ...limitCases,
  ...pipelineCases,
  ...contribCases,
];
