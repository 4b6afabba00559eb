/** Settings at 0.139, by `kind type`: the codes that Muster gives (none where the collector takes them), then one flow map. */
export const oldSettings: Readonly<Record<string, readonly (readonly [codes: string, settings: string])[]>> =
  {
    'receiver otlp': [
      ['', '{protocols: {grpc: , http: }}'],
      [
        'OC024',
        '{protocols: {grpc: {tls: {cert_file: a, key_file: b, include_insecure_cipher_suites: true}}}}',
      ],
      ['OC026', '{protocols: {}}'],
    ],
    'receiver filelog': [
      ['', '{include: [a.log], start_at: beginning}'],
      ['OC026', '{start_at: end}'],
      ['OC024', '{include: [a.log], start_from: end}'],
    ],
    'receiver hostmetrics': [
      ['', '{scrapers: {cpu: , load: {cpu_average: true}}}'],
      ['OC026', '{}'],
    ],
    'processor batch': [
      ['', '{timeout: 1s, send_batch_size: 10}'],
      ['OC025', '{timeout: "1"}'],
    ],
    'processor memory_limiter': [
      ['', '{check_interval: 1s, limit_mib: 10}'],
      ['OC024', '{check_interval: 1s, limit_mib: 10, max_gc_interval_when_hard_limited: 1s}'],
    ],
    'processor attributes': [
      ['', '{actions: [{key: a, action: upsert, value: b}]}'],
      ['OC026', '{}'],
    ],
    'processor resource': [['OC025', '{attributes: {key: a}}']],
    'processor filter': [
      ['', '{error_mode: ignore, logs: {log_record: ["true"]}}'],
      ['OC025', '{error_mode: never}'],
    ],
    'exporter otlp': [
      ['', '{endpoint: "x:4317", tls: {insecure: true}, sending_queue: {enabled: true, queue_size: 10}}'],
      ['OC024', '{endpoint: "x:4317", user_agent: me}'],
      ['OC026', '{tls: {insecure: true}}'],
    ],
    'exporter otlphttp': [
      ['', '{endpoint: "https://x", compression: zstd}'],
      ['OC025', '{endpoint: "https://x", compression: br}'],
    ],
    'exporter debug': [['OC024', '{loglevel: info}']],
    'exporter file': [
      ['', '{path: /tmp/x.json}'],
      ['OC026', '{format: json}'],
    ],
    'connector routing': [
      [
        '',
        '{default_pipelines: [traces], table: [{context: resource, condition: \'attributes["a"] == "b"\', pipelines: [traces]}]}',
      ],
      ['OC026', '{error_mode: ignore}'],
      ['OC025', '{error_mode: skip, table: [{condition: \'attributes["a"] == "b"\', pipelines: [traces]}]}'],
    ],
    'extension health_check': [
      ['', '{endpoint: "localhost:13133"}'],
      ['OC024', '{port: 13133}'],
    ],
  };
