/** Settings that the collector takes, by `kind type`: one flow map each, as users write them. */
export const goodSettings: Readonly<Record<string, readonly string[]>> = {
  'receiver otlp': [
    '{protocols: {grpc: {}}}',
    '{protocols: {grpc: , http: }}',
    '{protocols: {grpc: {endpoint: "localhost:4317", max_recv_msg_size_mib: 16, keepalive: {server_parameters: {max_connection_age: 60s, max_connection_age_grace: 10s}}}}}',
    '{protocols: {http: {endpoint: "localhost:4318", cors: {allowed_origins: ["https://*.example.com"], max_age: 7200}, include_metadata: true}}}',
    '{protocols: {http: {traces_url_path: /custom/traces, compression_algorithms: ["", gzip], read_timeout: 10s}}}',
    '{protocols: {grpc: {tls: {cert_file: a.pem, key_file: b.pem, client_ca_file: c.pem, min_version: "1.3"}}}}',
    '{protocols: {grpc: {transport: unix, endpoint: /run/otlp.sock}}}',
  ],
  'receiver host_metrics': [
    '{scrapers: {cpu: , memory: }}',
    '{collection_interval: 30s, initial_delay: 0s, scrapers: {cpu: {metrics: {system.cpu.utilization: {enabled: true}}}, filesystem: {exclude_mount_points: {mount_points: ["/dev/*"], match_type: regexp}}}}',
    '{scrapers: {process: {include: {names: [otelcol], match_type: strict}, mute_process_name_error: true}}}',
  ],
  'receiver file_log': [
    '{include: [/var/log/*.log]}',
    '{include: "/var/log/a.log,/var/log/b.log", start_at: beginning}',
    '{include: [/var/log/pods/*/*/*.log], exclude: [/var/log/pods/x/*.log], include_file_path: true, operators: [{type: container}], retry_on_failure: {enabled: true}}',
    '{include: [a.log], multiline: {line_start_pattern: "^\\\\d"}, max_log_size: 2MiB, fingerprint_size: 1kb, poll_interval: 500ms}',
    '{include: [a.log], operators: [{type: json_parser, timestamp: {parse_from: attributes.time, layout: "%Y-%m-%d"}}], attributes: {env: prod}, resource: {service.name: web}}',
    '{include: [a.log], ordering_criteria: {regex: "(?P<n>\\\\d+)", top_n: 3, sort_by: [{sort_type: numeric, regex_key: n, ascending: false}]}, compression: gzip, on_truncate: read_new}',
  ],
  'receiver journald': [
    '{units: [ssh.service, kubelet.service], priority: warning, start_at: beginning}',
    '{directory: /run/log/journal, matches: [{_SYSTEMD_UNIT: ssh.service}]}',
  ],
  'receiver tcp_log': [
    '{listen_address: "0.0.0.0:54525"}',
    '{listen_address: "localhost:54525", max_log_size: 64KiB, encoding: utf-8, add_attributes: true}',
  ],
  'receiver udp_log': [
    '{listen_address: "0.0.0.0:54526", async: {readers: 2, processors: 2, max_queue_length: 100}}',
  ],
  'receiver syslog': [
    '{tcp: {listen_address: "0.0.0.0:54527"}, protocol: rfc5424}',
    '{udp: {listen_address: "0.0.0.0:54527"}, protocol: rfc3164, location: UTC}',
  ],
  'receiver kafka': [
    '{brokers: ["localhost:9092"], logs: {topics: [app-logs], encoding: json}}',
    '{brokers: "a:9092,b:9092", protocol_version: "2.8.0", group_id: g, initial_offset: earliest, autocommit: {enable: true, interval: 5s}}',
    '{auth: {sasl: {username: u, password: "${env:KAFKA_PASSWORD:-x}", mechanism: SCRAM-SHA-512}}, tls: {insecure: true}}',
  ],
  'receiver prometheus': [
    '{config: {scrape_configs: [{job_name: self, scrape_interval: 15s, static_configs: [{targets: ["localhost:8888"]}]}]}}',
    '{config: {global: {scrape_interval: 30s}, scrape_configs: [{job_name: pods, kubernetes_sd_configs: [{role: pod}], relabel_configs: [{source_labels: [__address__], target_label: x, replacement: "$$1"}]}]}, trim_metric_suffixes: true}',
  ],
  'receiver jaeger': [
    '{protocols: {grpc: , thrift_http: {endpoint: "localhost:14268"}}}',
    '{protocols: {thrift_compact: {endpoint: "localhost:6831"}}}',
  ],
  'receiver zipkin': ['{}', '{endpoint: "localhost:9411", parse_string_tags: true}'],
  'receiver statsd': [
    '{endpoint: "localhost:8125", aggregation_interval: 10s, timer_histogram_mapping: [{statsd_type: timing, observer_type: histogram, histogram: {max_size: 100}}]}',
    '{transport: tcp, enable_metric_type: true}',
  ],
  'receiver fluent_forward': ['{endpoint: "localhost:8006"}', '{endpoint: "unix:///run/fluent.sock"}'],
  'receiver kubelet_stats': [
    '{auth_type: none, endpoint: "http://node:10255", insecure_skip_verify: true, metric_groups: [node, pod, container], collection_interval: 20s}',
    '{auth_type: none, extra_metadata_labels: [container.id], metrics: {k8s.pod.cpu.usage: {enabled: true}}}',
  ],
  'receiver redis': ['{endpoint: "localhost:6379", collection_interval: 10s, tls: {insecure: true}}'],
  'receiver mysql': [
    '{endpoint: "localhost:3306", username: otel, password: "${env:MYSQL_PASSWORD}", tls: {insecure: true}, allow_native_passwords: true}',
  ],
  'receiver nginx': ['{endpoint: "http://localhost:80/status", collection_interval: 10s}'],
  'processor batch': [
    '{}',
    '{timeout: 5s, send_batch_size: 1000, send_batch_max_size: 2000}',
    '{timeout: 0, metadata_keys: [tenant], metadata_cardinality_limit: 50}',
    '{timeout: 1h2m3.5s}',
  ],
  'processor memory_limiter': [
    '{check_interval: 1s, limit_mib: 400}',
    '{check_interval: 1s, limit_percentage: 80, spike_limit_percentage: 20}',
  ],
  'processor attributes': [
    '{actions: [{key: a, action: insert, value: 1}, {key: b, action: delete}, {key: c, action: UPSERT, from_attribute: d}]}',
    '{include: {match_type: regexp, services: ["a.*"]}, actions: [{key: x, action: hash}]}',
    '{actions: [{key: url, pattern: "^(?P<host>.*)$", action: extract}, {key: n, action: convert, converted_type: int}]}',
  ],
  'processor resource': [
    '{attributes: [{key: env, value: prod, action: upsert}]}',
    '{attributes: [{key: flags, value: [1, 2], action: insert}]}',
  ],
  'processor filter': [
    '{error_mode: ignore, traces: {span: [\'attributes["http.target"] == "/healthz"\']}}',
    '{logs: {log_record: ["severity_number < SEVERITY_NUMBER_WARN"]}, metrics: {metric: [\'name == "x"\']}}',
    '{log_conditions: ["log.body == nil"]}',
  ],
  'processor transform': [
    '{log_statements: [{context: log, statements: [\'set(attributes["a"], "b")\']}]}',
    '{error_mode: silent, trace_statements: [\'set(span.name, "x")\'], metric_statements: [{statements: [\'set(metric.name, "y")\'], conditions: [\'metric.name == "z"\']}]}',
  ],
  'processor k8s_attributes': [
    '{}',
    '{auth_type: serviceAccount, passthrough: false, filter: {node_from_env_var: PATH}, extract: {metadata: [k8s.pod.name], labels: [{tag_name: app, key: app.kubernetes.io/name, from: pod}]}, pod_association: [{sources: [{from: resource_attribute, name: k8s.pod.ip}]}, {sources: [{from: connection}]}]}',
  ],
  'processor resource_detection': [
    '{detectors: [env, system], timeout: 2s, override: false}',
    '{detectors: "env,gcp", system: {hostname_sources: [os], resource_attributes: {host.id: {enabled: true}}}}',
  ],
  'processor tail_sampling': [
    '{policies: [{name: errors, type: status_code, status_code: {status_codes: [ERROR]}}, {name: slow, type: latency, latency: {threshold_ms: 5000}}]}',
    '{decision_wait: 10s, num_traces: 100, expected_new_traces_per_sec: 10, policies: [{name: a, type: and, and: {and_sub_policy: [{name: b, type: probabilistic, probabilistic: {sampling_percentage: 10.5}}]}}]}',
  ],
  'processor probabilistic_sampler': [
    '{sampling_percentage: 15.3}',
    '{mode: proportional, sampling_percentage: 50, hash_seed: 22, sampling_precision: 4}',
  ],
  'processor redaction': [
    '{allow_all_keys: true, blocked_values: ["4[0-9]{12}"], summary: info}',
    '{allowed_keys: [a], hash_function: md5}',
  ],
  'processor span': [
    '{name: {from_attributes: [db.svc, operation], separator: "::"}}',
    '{status: {code: Error, description: bad}}',
  ],
  'processor groupbyattrs': ['{keys: [host.name]}', '{}'],
  'processor metrics_transform': [
    '{transforms: [{include: a, match_type: strict, action: update, new_name: b}]}',
    '{transforms: [{include: "^a.*", match_type: regexp, action: update, operations: [{action: add_label, new_label: x, new_value: y}]}]}',
  ],
  'processor cumulative_to_delta': ['{include: {metrics: [a], match_type: strict}, max_staleness: 24h}'],
  'processor delta_to_cumulative': ['{max_stale: 10m, max_streams: 100}'],
  'processor interval': ['{interval: 30s, pass_through: {gauge: true}}'],
  'exporter debug': [
    '',
    '{verbosity: Detailed, sampling_initial: 5, sampling_thereafter: 200}',
    '{use_internal_logger: false, output_paths: [stdout]}',
  ],
  'exporter nop': ['', '{}'],
  'exporter otlp_grpc': [
    '{endpoint: "collector:4317", tls: {insecure: true}}',
    '{endpoint: "https://collector.example.com:4317", headers: {x-token: "${env:TOKEN}"}, compression: zstd, timeout: 10s}',
    '{endpoint: "dns:///collector:4317", balancer_name: round_robin, keepalive: {time: 30s, permit_without_stream: true}}',
    '{endpoint: "c:4317", sending_queue: {enabled: false}, retry_on_failure: {enabled: true, max_elapsed_time: 0s}}',
    '{endpoint: "c:4317", sending_queue: {queue_size: 5000, num_consumers: 4, batch: {flush_timeout: 1s, min_size: 100, max_size: 200, sizer: items}}}',
    '{endpoint: "c:4317", headers: [{name: a, value: b}], tls: {ca_file: a, min_version: "1.2", reload_interval: 10s}}',
    '{endpoint: "c:4317", sending_queue: , keepalive: , tls: }',
  ],
  'exporter otlp_http': [
    '{endpoint: "https://collector.example.com"}',
    '{traces_endpoint: "https://x/v1/traces"}',
    '{endpoint: "https://x", encoding: json, compression: none, proxy_url: "http://proxy:3128"}',
    '{endpoint: "https://x", compression: gzip, compression_params: {level: 1}, max_idle_conns: 10, idle_conn_timeout: 1m}',
    '{endpoint: "${env:OTLP_ENDPOINT:-https://x}", timeout: "${env:TIMEOUT:-5s}"}',
  ],
  'exporter file': [
    '{path: /tmp/a.json}',
    '{path: /tmp/a.json, rotation: {max_megabytes: 10, max_backups: 3}, format: proto, compression: zstd}',
  ],
  'exporter kafka': [
    '{brokers: [a], logs: {topic: x, encoding: otlp_json}, producer: {compression: gzip, required_acks: -1, max_message_bytes: 1000}}',
    '{protocol_version: "2.1.0", producer: {required_acks: all}, partition_traces_by_id: true}',
  ],
  'exporter prometheus': [
    '{endpoint: "localhost:8889"}',
    '{endpoint: "localhost:8889", namespace: a, const_labels: {x: y}, metric_expiration: 10m, resource_to_telemetry_conversion: {enabled: true}}',
  ],
  'exporter prometheus_remote_write': [
    '{endpoint: "https://x/api/v1/push"}',
    '{endpoint: "https://x", external_labels: {a: b}, remote_write_queue: {enabled: true, queue_size: 100, num_consumers: 2}, target_info: {enabled: false}, headers: {X-Scope-OrgID: a}}',
  ],
  'exporter load_balancing': [
    '{protocol: {otlp: {tls: {insecure: true}}}, resolver: {static: {hostnames: ["a:4317"]}}}',
    '{routing_key: service, protocol: {otlp: {timeout: 1s}}, resolver: {k8s: {service: s.ns, ports: [4317]}}}',
    '{resolver: {dns: {hostname: a.example.com, port: "4317", interval: 10s}}}',
  ],
  'exporter zipkin': ['{endpoint: "http://z:9411/api/v2/spans", format: proto}'],
  'exporter clickhouse': [
    '{endpoint: "tcp://localhost:9000", ttl: 72h, create_schema: false, metrics_tables: {gauge: {name: g}}}',
  ],
  'connector count': [
    '{}',
    '{spans: {my.count: {description: d, conditions: [\'attributes["a"] == "b"\'], attributes: [{key: x, default_value: 1}]}}}',
  ],
  'connector forward': ['{}', ''],
  'connector span_metrics': [
    '{}',
    '{histogram: {unit: s, explicit: {buckets: [2ms, 6ms, 1s]}}, dimensions: [{name: http.method, default: GET}], exemplars: {enabled: true}, metrics_flush_interval: 15s}',
    '{histogram: {exponential: {max_size: 160}}, exclude_dimensions: [status.code], namespace: x}',
  ],
  'connector service_graph': [
    '{latency_histogram_buckets: [100ms, 1s], dimensions: [a], store: {ttl: 1s, max_items: 10}}',
  ],
  'extension health_check': [
    '{}',
    '{endpoint: "0.0.0.0:13133", path: /health, check_collector_pipeline: {enabled: false, interval: 5m, exporter_failure_threshold: 5}}',
    '{response_body: {healthy: ok, unhealthy: bad}}',
  ],
  'extension pprof': ['{endpoint: "localhost:1777", block_profile_fraction: 3}'],
  'extension zpages': ['', '{endpoint: "localhost:55679"}'],
  'extension file_storage': [
    '{directory: /tmp, timeout: 1s, compaction: {on_start: true, directory: /tmp, max_transaction_size: 65536}, fsync: true}',
  ],
  'extension basicauth': [
    '{client_auth: {username: u, password: "${env:P}"}}',
    '{htpasswd: {inline: "a:b"}}',
  ],
  'extension bearertokenauth': [
    '{token: "${env:T:-x}"}',
    '{filename: /t, scheme: Token, header: X-Auth}',
    '{tokens: [a, b]}',
  ],
  'extension oauth2client': [
    '{client_id: a, client_secret: "${env:S:-x}", token_url: "https://x/token", scopes: [a], endpoint_params: {audience: [x]}, timeout: 2s}',
  ],
  'extension headers_setter': [
    '{headers: [{action: upsert, key: X-Org, from_context: tenant}, {key: a, value: b}]}',
  ],
  'extension k8s_observer': ['{auth_type: serviceAccount, node: n, observe_pods: true, observe_nodes: true}'],
};
