/** Layers of one config, and what their merge is about. */
export interface MergeCase {
  readonly name: string;
  readonly layers: readonly string[];
}

const base = `
receivers:
  otlp: {protocols: {grpc: {endpoint: "localhost:4317"}, http: {endpoint: "localhost:4318"}}}
  nop:
processors:
  memory_limiter: {check_interval: 1s, limit_mib: 400}
  batch: {timeout: 5s, send_batch_size: 100}
  resource: {attributes: [{key: a, value: "1", action: upsert}, {key: b, action: delete}]}
exporters:
  otlp_http: {endpoint: "http://localhost:4319", headers: {x-a: one, x-b: two}}
  debug: {verbosity: basic}
  nop: {}
extensions:
  health_check: {}
service:
  extensions: [health_check]
  telemetry: {resource: {team: base, zone: "1"}}
  pipelines:
    traces: {receivers: [otlp], processors: [memory_limiter, batch], exporters: [otlp_http]}
    logs: {receivers: [otlp], exporters: [debug]}
`;

const over = (name: string, ...layers: string[]): MergeCase => ({ name, layers: [base, ...layers] });

/** Hand-picked merges: every way in which a later layer meets an earlier one. */
export const mergeCases: readonly MergeCase[] = [
  { name: 'one layer', layers: [base] },
  over('an empty map changes nothing', '{}'),
  over('an empty file changes nothing', ''),
  over('a comment alone changes nothing', '# nothing here\n'),
  over('a scalar replaces a scalar', 'processors: {batch: {timeout: 9s}}'),
  over('a new key joins a map', 'processors: {batch: {send_batch_max_size: 200}}'),
  over('a new component joins its section', 'exporters: {debug/2: {verbosity: detailed}}'),
  over('a new pipeline joins', 'service: {pipelines: {metrics: {receivers: [otlp], exporters: [nop]}}}'),
  over('a list replaces a list', 'service: {pipelines: {traces: {processors: [batch]}}}'),
  over('a longer list replaces a list', 'service: {pipelines: {logs: {exporters: [debug, nop]}}}'),
  over('an empty list replaces a list', 'service: {pipelines: {traces: {processors: []}}}'),
  over(
    'extensions are replaced, not joined',
    'extensions: {health_check/2: {endpoint: "localhost:13134"}}\nservice: {extensions: [health_check/2]}',
  ),
  over(
    'a list of maps is replaced whole',
    'processors: {resource: {attributes: [{key: c, value: x, action: insert}]}}',
  ),
  over('an empty map leaves a map below it', 'exporters: {otlp_http: {headers: {}}}'),
  over('an empty map leaves a section below it', 'processors: {}'),
  over('null replaces a map of settings', 'receivers: {otlp: {protocols: {http: }}}'),
  over('null replaces a component', 'exporters: {debug: }'),
  over('null replaces a section', 'processors:\n'),
  over('the word null does too', 'processors: null'),
  over('a tilde does too', 'processors: ~'),
  over('null replaces a scalar', 'processors: {batch: {timeout: }}'),
  over('null replaces a list', 'service: {pipelines: {traces: {processors: }}}'),
  over('a map replaces null', 'receivers: {nop: {}}'),
  over('null, then a map again', 'processors:\n', 'processors: {batch: {timeout: 1s}}'),
  over(
    'three layers, the last wins',
    'processors: {batch: {timeout: 1s}}',
    'processors: {batch: {timeout: 2s}}',
  ),
  over('three layers, each adds', 'exporters: {debug/2: {}}', 'exporters: {debug/3: {}}'),
  over('headers merge by name', 'exporters: {otlp_http: {headers: {x-b: three, x-c: four}}}'),
  over('telemetry attributes merge', 'service: {telemetry: {resource: {zone: "2", rack: r7}}}'),
  over('a quoted key is the same key', '"processors": {"batch": {"timeout": "7s"}}'),
  over('keys of another order', 'service: {pipelines: {}}\nexporters: {nop: {}}\nreceivers: {nop: {}}'),
  over(
    'quoted numbers stay text',
    'exporters: {otlp_http: {headers: {x-n: "0700", x-t: "true", x-e: "1e3", x-z: "~"}}}',
  ),
  over(
    'octal, underscores and hex are numbers',
    'processors: {batch: {send_batch_size: 0o1750, send_batch_max_size: 10_000}}',
  ),
  over('an old octal is a number', 'processors: {batch: {send_batch_size: 0700}}'),
  over('a hex number', 'processors: {memory_limiter: {limit_mib: 0x1F4}}'),
  over('an anchor and its alias', 'exporters:\n  debug: &d {verbosity: detailed}\n  debug/2: *d\n'),
  over(
    'a merge key',
    'exporters:\n  debug: &d {verbosity: detailed, sampling_initial: 3}\n  debug/2: {<<: *d, sampling_initial: 4}\n',
  ),
  over(
    'a list of merge keys, the first wins',
    'exporters:\n  debug: &a {verbosity: detailed}\n  debug/2: &b {verbosity: normal, sampling_initial: 9}\n  debug/3: {<<: [*a, *b]}\n',
  ),
  over(
    'a folded and a literal text',
    'exporters: \n  otlp_http:\n    headers:\n      x-l: |\n        a\n        b\n      x-f: >-\n        c\n        d\n',
  ),
  over(
    'text with every quote',
    `exporters: {otlp_http: {headers: {x-q: 'it''s "so"', x-d: "a\\tb\\u00e9: c #d"}}}`,
  ),
  over(
    'text that looks like YAML',
    'exporters: {otlp_http: {headers: {x-1: "- a", x-2: "{b: c}", x-3: "*d", x-4: " e ", x-5: ""}}}',
  ),
  over(
    'expansions stay for the agent',
    'exporters: {otlp_http: {headers: {x-e: "${env:MUSTER_TEST:-fallback}", x-d: "$$1"}}}',
  ),
  over('an expansion that is a whole map', 'exporters: {debug: "${yaml:verbosity: detailed}"}'),
  over(
    'a number in scientific notation',
    'exporters: {otlp_http: {retry_on_failure: {multiplier: 1e1, randomization_factor: .25}}}',
  ),
  over(
    'booleans of every spelling',
    'exporters: {otlp_http: {sending_queue: {enabled: True, block_on_overflow: TRUE}}}',
  ),
  over('an explicit tag', 'exporters: {otlp_http: {headers: {x-t: !!str 12}}}'),
  over(
    'an id with a name',
    'processors: {batch/two: {timeout: 3s}}\nservice: {pipelines: {traces/two: {receivers: [nop], processors: [batch/two], exporters: [nop]}}}',
  ),
  over(
    'block style over flow style',
    'service:\n  pipelines:\n    traces:\n      processors:\n        - batch\n        - resource\n',
  ),
  over('a document start', '---\nprocessors:\n  batch:\n    timeout: 4s\n'),
];
