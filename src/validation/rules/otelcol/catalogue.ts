/**
 * Component facts, one line each: kind|type|alias|alias since|alias gap|signals:stability|builds|history|first seen|removed in|core|deprecated.
 * Written from schemas/collector/catalogue.json (npx vitest run test/golden/validation -u), which a test compares.
 */
export const catalogueTable = `
receiver|active_directory_ds||||metrics:beta|contrib||0.56.0|||
receiver|active_directory_inv||||logs:alpha|||0.153..0.157|||
receiver|aerospike||||metrics:alpha|contrib||0.56.0|||
receiver|apache||||metrics:beta|contrib||0.43.0|||
receiver|apache_spark|apachespark|0.154.0||metrics:alpha|contrib||0.80.0|||
receiver|aws_cloudwatch|awscloudwatch|0.156.0||metrics:alpha logs:alpha|contrib||0.66.0|||
receiver|aws_lambda|awslambda|<=0.157||metrics:alpha logs:alpha|contrib|contrib:0.148-|0.148.0|||
receiver|awscontainerinsightreceiver||||metrics:beta|contrib||<=0.42|||
receiver|awsecscontainermetrics||||metrics:beta|contrib||<=0.42|||
receiver|awsfirehose||||metrics:alpha logs:alpha|contrib||0.49.0|||
receiver|awss3||||traces:alpha metrics:alpha logs:alpha|contrib|contrib:0.113-|0.113.0|||
receiver|awsxray||||traces:beta|contrib||<=0.42|||
receiver|azure_blob|azureblob|0.148.0||traces:alpha logs:alpha|contrib||0.80.0|||
receiver|azure_event_hub|azureeventhub|0.145.0||traces:beta metrics:beta logs:beta|contrib||0.72.0|||
receiver|azure_monitor|azuremonitor|0.148.0||metrics:alpha|contrib||0.76.1|||
receiver|bigip||||||contrib:-0.146|0.56.0|0.146.0||
receiver|carbon||||metrics:beta|contrib||<=0.42|||
receiver|chrony||||metrics:beta|contrib||0.80.0|||
receiver|cisco_os|ciscoos|0.148.0|0.148-0.151|metrics:alpha|contrib|contrib:0.148-|0.148.0|||
receiver|cloud_foundry|cloudfoundry|0.152.0||metrics:beta logs:development|contrib||0.47.0|||
receiver|cloudflare||||logs:alpha|contrib||0.74.0|||
receiver|collectd||||metrics:beta|contrib||<=0.42|||
receiver|couchdb||||metrics:beta|contrib||0.51.0|||
receiver|datadog||||traces:alpha metrics:alpha logs:alpha|contrib||0.71.0|||
receiver|dns_check|||||||<=0.159|||
receiver|docker_stats||||metrics:alpha|contrib||<=0.42|||
receiver|dotnet_diagnostics|||||||<=0.42|0.75.0||
receiver|elasticsearch||||metrics:beta|contrib||0.51.0|||
receiver|envoy_als|envoyals|0.153..0.157||logs:alpha|contrib|contrib:0.121-|0.121.0|||
receiver|expvar||||metrics:alpha|contrib||0.54.0|||
receiver|faro||||traces:alpha logs:alpha|contrib|contrib:0.127-|0.127.0|||
receiver|file|||||||0.80.0|0.95.0||
receiver|file_log|filelog|0.149.0||logs:beta|contrib k8s||<=0.42|||
receiver|file_stats|filestats|0.151.0||metrics:beta|contrib||0.78.0|||
receiver|flink_metrics|flinkmetrics|0.154..0.157||metrics:alpha|contrib||0.56.0|||
receiver|fluent_forward|fluentforward|0.151.0||logs:beta|contrib k8s||<=0.42|||
receiver|github||||traces:alpha metrics:alpha|contrib||0.109.0|||
receiver|gitlab||||traces:alpha|contrib|contrib:0.139-|0.139.0|||
receiver|google_cloud_spanner|googlecloudspanner|0.152..0.157||metrics:beta|contrib|contrib:-0.112,0.113-|<=0.42|||
receiver|googlecloudmonitoring||||metrics:alpha|contrib|contrib:0.112-|0.112.0|||
receiver|googlecloudpubsub||||traces:beta metrics:beta logs:beta|contrib||0.53.0|||
receiver|haproxy||||metrics:beta|contrib||0.80.0|||
receiver|host_metrics|hostmetrics|0.151.0||metrics:beta logs:development|core contrib k8s||<=0.34|||
receiver|http_check|httpcheck|0.150.0||metrics:alpha|contrib k8s||0.63.0|||
receiver|icmpcheckreceiver||||metrics:development|contrib|contrib:0.158-|0.158.0|||
receiver|iis||||metrics:beta|contrib||0.56.0|||
receiver|influxdb||||metrics:beta|contrib||<=0.42|||
receiver|jaeger||||traces:beta|core contrib k8s||<=0.34|||
receiver|jmx||||||contrib:-0.154|<=0.42|0.154.0||0.145; run a JMX scraper outside and send OTLP
receiver|journald||||logs:alpha|contrib k8s||<=0.42|||
receiver|k8s_cluster||||metrics:beta logs:development|contrib k8s||<=0.42|||
receiver|k8s_events||||logs:alpha|contrib k8s||0.46.0|||
receiver|k8s_objects|k8sobjects|0.151.0||logs:beta|contrib k8s||0.67.0|||
receiver|kafka||||traces:beta metrics:beta logs:beta profiles:development|core contrib||<=0.34|||
receiver|kafka_metrics|kafkametrics|0.152.0||metrics:beta|contrib||<=0.42|||
receiver|kubelet_stats|kubeletstats|0.152.0||metrics:beta|contrib k8s||<=0.42|||
receiver|libhoney||||traces:alpha logs:alpha|contrib|contrib:0.117-|0.117.0|||
receiver|loki||||logs:alpha|contrib||0.76.1|||
receiver|macos_unified_logging|macosunifiedlogging|<=0.157||logs:alpha|contrib|contrib:0.142-|0.142.0|||
receiver|memcached||||metrics:beta|contrib||<=0.42|||
receiver|mongodb||||metrics:beta logs:development|contrib||0.51.0|||
receiver|mongodb_atlas|mongodbatlas|0.145.0||metrics:beta logs:beta|contrib||<=0.42|||
receiver|mysql||||metrics:beta logs:development|contrib||0.43.0|||
receiver|named_pipe|namedpipe|0.150..0.157||logs:alpha|contrib||0.94.0|||
receiver|netflow||||logs:alpha|contrib|contrib:0.121-|0.121.0|||
receiver|nginx||||metrics:beta|contrib||0.51.0|||
receiver|nop||||traces:beta metrics:beta logs:beta profiles:alpha|core contrib ebpf|ebpf:0.151-|0.98.0||core|
receiver|nsxt||||metrics:alpha|contrib||0.62.0|||
receiver|ntp||||metrics:beta|contrib|contrib:0.113-|0.113.0|||
receiver|obi||||traces:alpha metrics:alpha|contrib|contrib:0.156-|0.156.0|||
receiver|opencensus||||||core:-0.132 k8s:-0.132 contrib:-0.132|<=0.34|0.132.0||yes; use otlp
receiver|oracledb||||metrics:alpha logs:development|contrib||0.80.0|||
receiver|otelarrow||||traces:beta metrics:beta logs:beta|contrib k8s||0.105.0|||
receiver|otlp||||traces:stable metrics:stable logs:stable profiles:alpha|core contrib k8s otlp||<=0.64||core|
receiver|otlp_json_file|otlpjsonfile|0.154..0.157||traces:alpha metrics:alpha logs:alpha profiles:development|contrib||0.69.0|||
receiver|podman_stats||||metrics:alpha|contrib||<=0.42|||
receiver|postgresql||||metrics:beta logs:development|contrib||0.43.0|||
receiver|pprof||||profiles:alpha|contrib|contrib:0.148-|0.148.0|||
receiver|profiling||||profiles:alpha|ebpf||0.125.0|||
receiver|prometheus||||metrics:beta|core contrib k8s||<=0.34|||
receiver|prometheus_exec|||||||<=0.42|0.54.0||
receiver|prometheus_remote_write|prometheusremotewrite|0.148.0||metrics:alpha|contrib|contrib:0.131-|0.131.0|||
receiver|prometheus_simple||||metrics:unmaintained|contrib||<=0.42|||unmaintained (not deprecated); use prometheus
receiver|pulsar||||traces:alpha metrics:alpha logs:alpha|contrib||0.72.0|||
receiver|purefa||||metrics:alpha|contrib||0.68.0|||
receiver|purefb||||metrics:alpha|contrib||0.71.0|||
receiver|rabbitmq||||metrics:beta|contrib||0.51.0|||
receiver|receiver_creator||||traces:alpha metrics:beta logs:alpha profiles:alpha|contrib k8s||<=0.42|||
receiver|redis||||metrics:beta|contrib||<=0.42|||
receiver|riak||||metrics:beta|contrib||0.51.0|||
receiver|saphana||||metrics:alpha|contrib|contrib:0.123-|0.123.0|||
receiver|sapm||||||contrib:-0.133|<=0.42|0.133.0||yes; use otlp
receiver|signalfx||||||contrib:-0.157|<=0.42|0.157.0||0.146; use otlp receiver
receiver|skywalking||||traces:beta metrics:development|contrib||0.50.0|||
receiver|snmp||||metrics:alpha|contrib||0.66.0|||
receiver|snowflake||||metrics:alpha|contrib||0.80.0|||
receiver|solace||||traces:beta|contrib||0.63.1|||
receiver|splunk_enterprise|splunkenterprise|0.155.0||metrics:alpha|contrib||0.101.0|||
receiver|splunk_hec||||metrics:beta logs:beta|contrib||<=0.42|||
receiver|sql_query|sqlquery|0.159.0||metrics:alpha logs:development|contrib||0.55.0|||
receiver|sqlserver||||metrics:beta logs:development|contrib||0.56.0|||
receiver|ssh_check|sshcheck|0.151.0||metrics:beta|contrib||0.80.0|||
receiver|statsd||||metrics:beta|contrib||<=0.42|||
receiver|stef||||metrics:alpha|contrib|contrib:0.127-|0.127.0|||
receiver|syslog||||logs:beta|contrib||<=0.42|||
receiver|systemd||||metrics:alpha|contrib|contrib:0.142-|0.142.0|||
receiver|tcp_check|tcpcheck|0.152.0||metrics:alpha|contrib|contrib:0.122.1-|0.122.1|||
receiver|tcp_log|tcplog|0.150.0||logs:alpha|contrib||<=0.42|||
receiver|tls_check|tlscheck|0.150.0||metrics:alpha|contrib|contrib:0.122.1-|0.122.1|||
receiver|udp_log|udplog|0.150.0||logs:alpha|contrib||<=0.42|||
receiver|vcenter||||metrics:alpha|contrib||0.56.0|||
receiver|wavefront||||metrics:deprecated|contrib||<=0.42|||0.146; no replacement stated; gone from the repo by 0.162
receiver|webhook_event|webhookevent|0.154..0.157||logs:beta|contrib||0.84.0|||
receiver|windows_event_log|windowseventlog|0.150.0|0.150-0.151|logs:alpha|contrib||0.72.0|||
receiver|windows_service|windowsservice|0.154.0||metrics:alpha|contrib|contrib:0.155-|0.155.0|||
receiver|windowsperfcounters||||metrics:beta|contrib||<=0.42|||
receiver|yang_grpc|yanggrpc|0.148.0||metrics:alpha|contrib|contrib:0.142-|0.142.0|||
receiver|zipkin||||traces:beta|core contrib k8s||<=0.34|||
receiver|zookeeper||||metrics:alpha|contrib||<=0.42|||
processor|attributes||||traces:beta metrics:beta logs:beta|core contrib k8s||<=0.34|||
processor|aws_ecs_attributes||||traces:development metrics:development logs:development profiles:development|||0.153..0.159|||
processor|batch||||traces:beta metrics:beta logs:beta|core contrib k8s ebpf||<=0.64||core|
processor|cardinality_guardian||||metrics:alpha|contrib|contrib:0.157-|0.157.0|||
processor|coralogix||||traces:alpha|contrib|contrib:0.130-|0.130.0|||
processor|cumulative_to_delta|cumulativetodelta|0.157.0||metrics:beta|contrib k8s||<=0.42|||
processor|datadog|||||||0.69.0|0.94.0||yes; use connector datadog
processor|delta_to_cumulative|deltatocumulative|0.157..0.158||metrics:alpha|contrib k8s|k8s:0.112-|0.108.0|||
processor|delta_to_rate|deltatorate|0.157..0.158||metrics:alpha|contrib k8s||<=0.42|||
processor|drain||||logs:alpha|contrib k8s|k8s:0.152- contrib:0.152-|0.152.0|||
processor|dynamic_sampling||||traces:development|||0.153..0.158|||
processor|filter||||traces:alpha metrics:alpha logs:alpha profiles:development|core contrib k8s||<=0.34|||
processor|gen_ai_normalizer||||traces:alpha|contrib|contrib:0.154-|0.154.0|||
processor|geoip||||traces:alpha metrics:alpha logs:alpha|contrib||0.108.0|||
processor|groupbyattrs||||traces:beta metrics:beta logs:beta|contrib k8s||<=0.42|||
processor|groupbytrace||||traces:beta|contrib k8s||<=0.42|||
processor|interval||||metrics:alpha|contrib k8s|k8s:0.119- contrib:0.119-|0.119.0|||
processor|isolationforest||||traces:alpha metrics:alpha logs:alpha|contrib|contrib:0.133-|0.133.0|||
processor|k8s_attributes|k8sattributes|0.146.0||traces:beta metrics:beta logs:beta profiles:development|contrib k8s ebpf||<=0.42|||
processor|log_dedup|logdedup|<=0.152||logs:alpha|contrib k8s||0.107.0|||
processor|logstransform||||logs:development|||<=0.152|||
processor|lookup||||traces:development metrics:development logs:development|||<=0.148|||
processor|memory_limiter||||traces:beta metrics:beta logs:beta profiles:alpha|core contrib k8s ebpf||<=0.64||core|
processor|metric_start_time|metricstarttime|<=0.148||metrics:beta|contrib|contrib:0.127-|0.127.0|||
processor|metrics_transform|metricstransform|0.152.0||metrics:beta|contrib k8s||<=0.42|||
processor|metricsgeneration||||metrics:alpha|contrib k8s|k8s:0.148-|<=0.42|||
processor|probabilistic_sampler||||traces:beta logs:alpha|core contrib k8s||<=0.34|||
processor|queuebatch||||traces:development metrics:development logs:development profiles:development|||0.158.0||core|
processor|redaction||||traces:beta metrics:alpha logs:alpha|contrib k8s||0.59.0|||
processor|remoteobserver|||||||0.82.0|0.89.0||renamed to remotetap
processor|remotetap||||traces:alpha metrics:alpha logs:alpha|contrib k8s||0.89.0|||
processor|resource||||traces:beta metrics:beta logs:beta profiles:development|core contrib k8s ebpf||<=0.34|||
processor|resource_detection|resourcedetection|0.153.0||traces:beta metrics:beta logs:beta profiles:development|contrib k8s ebpf||<=0.42|||
processor|routing||||||contrib:-0.120|<=0.42|0.120.0||yes; use connector routing
processor|schema||||traces:alpha metrics:alpha logs:alpha|contrib|contrib:0.123-|0.123.0|||
processor|servicegraph|||||||0.63.0|0.94.0||yes; use connector service_graph
processor|span||||traces:alpha|core contrib||<=0.34|||
processor|span_pruning|spanpruning|0.157..0.159||traces:alpha|||0.149..0.152|||
processor|spanmetrics|||||||<=0.42|0.96.0||yes; use connector span_metrics
processor|sumologic||||traces:beta metrics:beta logs:beta|contrib||0.89.0|||
processor|tail_sampling||||traces:beta|contrib k8s||<=0.42|||
processor|transform||||traces:beta metrics:beta logs:beta profiles:development|contrib k8s ebpf|ebpf:0.140-|0.52.0|||
processor|unroll||||logs:alpha|contrib|contrib:0.138-|0.138.0|||
exporter|alertmanager||||traces:development logs:development|||<=0.144|||
exporter|alibabacloud_logservice||||traces:beta metrics:beta logs:beta|contrib||<=0.42|||
exporter|awscloudwatchlogs||||logs:alpha|contrib||0.44.0|||
exporter|awsemf||||metrics:beta|contrib||<=0.42|||
exporter|awskinesis||||traces:beta metrics:beta logs:beta|contrib||<=0.42|||
exporter|awsprometheusremotewrite|||||||<=0.42|0.57.2||yes; use prometheus_remote_write + sigv4auth
exporter|awss3||||traces:alpha metrics:alpha logs:alpha|contrib||0.77.0|||
exporter|awsxray||||traces:beta|contrib||<=0.42|||
exporter|azure_blob|azureblob|0.146..0.148||traces:alpha metrics:alpha logs:alpha|contrib|contrib:0.124-|0.124.0|||
exporter|azure_monitor|azuremonitor|0.159.0||traces:beta metrics:beta logs:beta|contrib||<=0.42|||
exporter|azuredataexplorer||||traces:beta metrics:beta logs:beta|contrib||0.62.1|||
exporter|bmc_helix|bmchelix|0.149..0.157||metrics:alpha|contrib|contrib:0.120-|0.120.0|||
exporter|carbon||||||contrib:-0.141|<=0.42|0.141.0||
exporter|cassandra||||traces:alpha logs:alpha|contrib||0.80.0|||
exporter|clickhouse||||traces:beta metrics:alpha logs:beta profiles:development|contrib||0.47.0|||
exporter|coralogix||||traces:beta metrics:beta logs:beta profiles:alpha|contrib||0.44.0|||
exporter|datadog||||traces:beta metrics:beta logs:beta|contrib||<=0.42|||
exporter|dataset||||traces:alpha logs:alpha|contrib||0.78.0|||
exporter|debug||||traces:alpha metrics:alpha logs:alpha profiles:alpha|core contrib k8s ebpf||0.86.0||core|
exporter|doris||||traces:alpha metrics:alpha logs:alpha|contrib|contrib:0.116-|0.116.0|||
exporter|dynatrace|||||||<=0.42|0.99.0||yes; use otlp_http
exporter|elastic|||||||<=0.42|0.57.2||
exporter|elasticsearch||||traces:beta metrics:development logs:beta profiles:development|contrib||<=0.42|||
exporter|f5cloud|||||||<=0.42|0.96.0||
exporter|faro||||traces:alpha logs:alpha|contrib|contrib:0.127-|0.127.0|||
exporter|file||||traces:alpha metrics:alpha logs:alpha profiles:development|core contrib k8s ebpf||<=0.34|||
exporter|google_cloud_storage|googlecloudstorage|0.148.0||traces:development logs:alpha|contrib|contrib:0.140-|0.140.0|||
exporter|googlecloud||||traces:beta metrics:beta logs:beta|contrib||<=0.42|||
exporter|googlecloudpubsub||||traces:beta metrics:beta logs:beta|contrib||0.53.0|||
exporter|googlemanagedprometheus||||metrics:beta|contrib||0.55.0|||
exporter|honeycomb|||||||<=0.42|0.57.2||
exporter|honeycomb_marker|honeycombmarker|0.149..0.157||logs:alpha|contrib||0.90.0|||
exporter|humio|||||||<=0.42|0.71.0||
exporter|influxdb||||traces:beta metrics:beta logs:beta|contrib||<=0.42|||
exporter|instana|||||||0.60.0|0.110.0||yes; use otlp
exporter|jaeger|||||||<=0.34|0.85.0||yes; use otlp_grpc to Jaeger
exporter|jaeger_thrift|||||||<=0.42|0.85.0||yes; use otlp_grpc/otlp_http
exporter|kafka||||traces:beta metrics:beta logs:beta profiles:development|core contrib||<=0.34|||
exporter|load_balancing|loadbalancing|0.153.0||traces:beta metrics:alpha logs:beta|contrib k8s||<=0.42|||
exporter|logging||||||core:-0.111 contrib:-0.111|<=0.63|0.111.0|core|0.86; use debug
exporter|logicmonitor||||traces:alpha logs:alpha|contrib||0.71.0|||
exporter|logzio||||traces:beta logs:beta|contrib||<=0.42|||
exporter|loki||||||contrib:-0.122,0.123-0.131|<=0.42|0.131.0||yes; use otlp_http to Loki /otlp
exporter|mezmo||||logs:deprecated|contrib||0.53.0|||0.158 (2026-07-30); use otlp_http; gone from the repo by 0.162
exporter|newrelic|||||||<=0.42|0.51.0||
exporter|nop||||traces:beta metrics:beta logs:beta profiles:alpha|core contrib k8s ebpf||0.98.0||core|
exporter|opencensus||||||core:-0.132 k8s:-0.132 contrib:-0.132|<=0.34|0.132.0||yes; use otlp_grpc
exporter|opensearch||||traces:alpha logs:alpha|contrib||0.92.0|||
exporter|otelarrow||||traces:beta metrics:beta logs:beta|contrib k8s||0.105.0|||
exporter|otlp_grpc|otlp|0.144.0||traces:stable metrics:stable logs:stable profiles:alpha|core contrib k8s otlp ebpf||<=0.63||core|
exporter|otlp_http|otlphttp|0.144.0||traces:stable metrics:stable logs:stable profiles:alpha|core contrib k8s otlp ebpf||<=0.63||core|
exporter|parquet|||||||0.80.0|0.87.0||
exporter|prometheus||||metrics:beta|core contrib||<=0.34|||
exporter|prometheus_remote_write|prometheusremotewrite|0.154.0||metrics:beta|core contrib||<=0.34|||
exporter|pulsar||||traces:alpha metrics:alpha logs:alpha|contrib||0.59.0|||
exporter|rabbitmq||||traces:alpha metrics:alpha logs:alpha|contrib||0.104.0|||
exporter|sapm||||||contrib:-0.147|<=0.42|0.147.0||0.117; use otlp_http
exporter|sematext||||metrics:development logs:development||||||
exporter|sentry||||traces:alpha logs:alpha|contrib||<=0.42|||
exporter|signalfx||||traces:deprecated metrics:beta logs:beta|contrib||<=0.42|||traces only, 0.154 (2026-05-29); use OTLP
exporter|skywalking|||||||<=0.42|0.105.0||yes
exporter|splunk_hec||||traces:beta metrics:beta logs:beta profiles:development|contrib||<=0.42|||
exporter|stackdriver|||||||<=0.42|0.50.0||yes; use googlecloud
exporter|stef||||metrics:alpha|contrib|contrib:0.127-|0.127.0|||
exporter|sumologic||||traces:beta metrics:beta logs:beta|contrib||<=0.42|||
exporter|syslog||||logs:alpha|contrib||0.89.0|||
exporter|tanzuobservability|||||||<=0.42|0.92.0||yes
exporter|tencentcloud_logservice||||logs:beta|contrib||<=0.42|||
exporter|tinybird||||traces:alpha metrics:alpha logs:alpha|contrib|contrib:0.131-|0.131.0|||
exporter|zipkin||||traces:beta|core contrib||<=0.34|||
connector|count||||traces>metrics:alpha metrics>metrics:alpha logs>metrics:alpha profiles>metrics:alpha|contrib k8s||0.73.0|||
connector|datadog||||traces>metrics:beta traces>traces:beta|contrib||0.84.0|||
connector|exceptions||||traces>logs:alpha traces>metrics:alpha|contrib k8s|k8s:0.112-|0.98.0|||
connector|failover||||traces>traces:alpha metrics>metrics:alpha logs>logs:alpha|contrib k8s|k8s:0.112- contrib:0.116-|0.112.0|||
connector|forward||||traces>traces:beta metrics>metrics:beta logs>logs:beta profiles>profiles:alpha|core contrib k8s||0.73.0||core|
connector|grafanacloud||||traces>metrics:alpha|contrib||0.98.0|||
connector|metrics_as_logs|metricsaslogs|0.153..0.155||metrics>logs:development|||<=0.144|||
connector|otlp_json|otlpjson|0.152.0||logs>logs:alpha logs>metrics:alpha logs>traces:alpha|contrib k8s|k8s:0.112-|0.106.0|||
connector|round_robin|roundrobin|0.151..0.152||traces>traces:beta metrics>metrics:beta logs>logs:beta|contrib k8s|k8s:0.112-|0.100.0|||
connector|routing||||traces>traces:alpha metrics>metrics:alpha logs>logs:alpha|contrib k8s||0.86.0|||
connector|service_graph|servicegraph|0.151..0.152||traces>metrics:alpha|contrib k8s||0.75.0|||
connector|signal_to_metrics|signaltometrics|0.145..0.146||traces>metrics:alpha metrics>metrics:alpha logs>metrics:alpha profiles>metrics:alpha|contrib|contrib:0.119-|0.119.0|||
connector|slow_sql|slowsql|0.151..0.152||traces>logs:development|||<=0.144|||
connector|span_metrics|spanmetrics|0.151.0||traces>metrics:alpha|contrib k8s||0.74.0|||
connector|sum||||traces>metrics:alpha metrics>metrics:alpha logs>metrics:alpha|contrib|contrib:0.117-|0.117.0|||
extension|ack||||extension:alpha|contrib k8s|k8s:0.112-|0.99.0|||
extension|asapclient||||extension:beta|contrib||<=0.42|||
extension|avro_log_encoding||||extension:development|||<=0.148|||
extension|aws_iam_db_auth|||||contrib|contrib:0.159-|0.159.0|||
extension|aws_logs_encoding|awslogs_encoding|<=0.148||extension:alpha|contrib|contrib:0.130-|0.130.0|||
extension|awscloudwatchmetricstreams_encoding||||extension:alpha|contrib|contrib:0.123-|0.123.0|||
extension|awsproxy||||extension:beta|contrib||<=0.42|||
extension|azure_auth|azureauth|<=0.148||extension:beta|contrib|contrib:0.125-|0.125.0|||
extension|azure_encoding||||extension:alpha|contrib|contrib:0.148-|0.148.0|||
extension|basicauth||||extension:beta|contrib k8s||0.43.0|||
extension|bearertokenauth||||extension:beta|contrib k8s||<=0.42|||
extension|cfgarden_observer||||extension:alpha|||<=0.148|||
extension|cgroup_runtime|cgroupruntime|<=0.148||extension:alpha|contrib k8s|k8s:0.133- contrib:0.133-|0.133.0|||
extension|datadog||||extension:alpha|contrib|contrib:0.129-|0.129.0|||
extension|db_storage||||extension:alpha|contrib||0.96.0|||
extension|docker_observer||||extension:beta|contrib||0.77.0|||
extension|ecs_observer||||extension:beta|contrib||0.80.0|||
extension|ecs_task_observer||||||contrib:-0.139|0.80.0|0.139.0||
extension|file_storage||||extension:beta|contrib k8s||<=0.42|||
extension|fluentbit|||||||<=0.42|0.54.0||
extension|google_cloud_logentry_encoding|googlecloudlogentry_encoding|0.148.0|0.148-0.151|extension:alpha|contrib|contrib:0.129-|0.129.0|||
extension|googleclientauth||||extension:beta|contrib||0.103.0|||
extension|headers_setter||||extension:alpha|contrib k8s||0.58.0|||
extension|health_check||||extension:alpha|core contrib k8s ebpf|ebpf:0.141-|<=0.34|||
extension|healthcheckv2||||extension:development|||<=0.148|||
extension|host_observer||||extension:beta|contrib k8s||<=0.42|||
extension|http_forwarder||||extension:beta|contrib k8s|k8s:0.112-|<=0.42|||
extension|jaeger_encoding||||extension:alpha|contrib||0.100.0|||
extension|jaegerremotesampling||||extension:alpha|contrib||0.62.0|||
extension|json_log_encoding||||extension:alpha|contrib||0.103.0|||
extension|k8s_leader_elector||||extension:alpha|contrib k8s|k8s:0.126- contrib:0.126-|0.126.0|||
extension|k8s_observer||||extension:alpha|contrib k8s||<=0.42|||
extension|kafkatopics_observer||||||contrib:0.123-0.159|0.123.0|0.159.0||yes, before removal
extension|mcp||||extension:development|||0.149..0.159|||
extension|memory_ballast|||||||<=0.64|0.108.0|core|0.92; use GOMEMLIMIT + memory_limiter
extension|memory_limiter||||extension:beta|||||core|
extension|oauth2client||||extension:beta|contrib k8s||<=0.42|||
extension|oidc||||extension:beta|contrib k8s||<=0.42|||
extension|opamp||||extension:alpha|contrib k8s ebpf|k8s:0.112- ebpf:0.140-|0.97.0|||
extension|otlp_encoding||||extension:beta|contrib||0.100.0|||
extension|pebble_tail_storage|||||contrib|contrib:0.155-|0.155.0|||
extension|pprof||||extension:beta|core contrib k8s ebpf|ebpf:0.141-|<=0.34|||
extension|redis_storage||||extension:alpha|contrib|contrib:0.116-|0.116.0|||
extension|remotetap||||extension:development||||||
extension|sd_notify||||extension:development|||0.149..0.159|||
extension|sigv4auth||||extension:beta|contrib||0.48.0|||
extension|skywalking_encoding||||extension:alpha|contrib|contrib:0.132-|0.132.0|||
extension|solarwindsapmsettings||||extension:development||||||
extension|sumologic||||extension:alpha|contrib||0.105.0|||
extension|text_encoding||||extension:beta|contrib|contrib:0.131-|0.131.0|||
extension|zipkin_encoding||||extension:alpha|contrib||0.100.0|||
extension|zpages||||extension:beta|core contrib k8s||<=0.64||core|
`;
