import type { ComponentKind } from '../../agent-types/index.ts';
import { countConnector } from './connectors/count.ts';
import { forwardConnector } from './connectors/forward.ts';
import { routingConnector } from './connectors/routing.ts';
import { serviceGraphConnector } from './connectors/service-graph.ts';
import { spanMetricsConnector } from './connectors/span-metrics.ts';
import { clickhouseExporter } from './exporters/clickhouse.ts';
import { debugExporter } from './exporters/debug.ts';
import { fileExporter } from './exporters/file.ts';
import { kafkaExporter } from './exporters/kafka.ts';
import { loadBalancingExporter } from './exporters/load-balancing.ts';
import { nopExporter } from './exporters/nop.ts';
import { otlpGrpcExporter } from './exporters/otlp-grpc.ts';
import { otlpHttpExporter } from './exporters/otlp-http.ts';
import { prometheusExporter } from './exporters/prometheus.ts';
import { prometheusRemoteWriteExporter } from './exporters/prometheus-remote-write.ts';
import { zipkinExporter } from './exporters/zipkin.ts';
import { basicauthExtension } from './extensions/basicauth.ts';
import { bearertokenauthExtension } from './extensions/bearertokenauth.ts';
import { fileStorageExtension } from './extensions/file-storage.ts';
import { headersSetterExtension } from './extensions/headers-setter.ts';
import { healthCheckExtension } from './extensions/health-check.ts';
import { k8sObserverExtension } from './extensions/k8s-observer.ts';
import { oauth2clientExtension } from './extensions/oauth2client.ts';
import { opampExtension } from './extensions/opamp.ts';
import { pprofExtension } from './extensions/pprof.ts';
import { zpagesExtension } from './extensions/zpages.ts';
import { attributesProcessor } from './processors/attributes.ts';
import { batchProcessor } from './processors/batch.ts';
import { cumulativeToDeltaProcessor } from './processors/cumulative-to-delta.ts';
import { deltaToCumulativeProcessor } from './processors/delta-to-cumulative.ts';
import { filterProcessor } from './processors/filter.ts';
import { groupbyattrsProcessor } from './processors/groupbyattrs.ts';
import { intervalProcessor } from './processors/interval.ts';
import { k8sAttributesProcessor } from './processors/k8s-attributes.ts';
import { memoryLimiterProcessor } from './processors/memory-limiter.ts';
import { metricsTransformProcessor } from './processors/metrics-transform.ts';
import { probabilisticSamplerProcessor } from './processors/probabilistic-sampler.ts';
import { redactionProcessor } from './processors/redaction.ts';
import { resourceProcessor } from './processors/resource.ts';
import { resourceDetectionProcessor } from './processors/resource-detection.ts';
import { spanProcessor } from './processors/span.ts';
import { tailSamplingProcessor } from './processors/tail-sampling.ts';
import { transformProcessor } from './processors/transform.ts';
import { fileLogReceiver } from './receivers/file-log.ts';
import { fluentForwardReceiver } from './receivers/fluent-forward.ts';
import { hostMetricsReceiver } from './receivers/host-metrics.ts';
import { jaegerReceiver } from './receivers/jaeger.ts';
import { journaldReceiver } from './receivers/journald.ts';
import { kafkaReceiver } from './receivers/kafka.ts';
import { kubeletStatsReceiver } from './receivers/kubelet-stats.ts';
import { mysqlReceiver } from './receivers/mysql.ts';
import { nginxReceiver } from './receivers/nginx.ts';
import { nopReceiver } from './receivers/nop.ts';
import { otlpReceiver } from './receivers/otlp.ts';
import { prometheusReceiver } from './receivers/prometheus.ts';
import { redisReceiver } from './receivers/redis.ts';
import { statsdReceiver } from './receivers/statsd.ts';
import { syslogReceiver } from './receivers/syslog.ts';
import { tcpLogReceiver } from './receivers/tcp-log.ts';
import { udpLogReceiver } from './receivers/udp-log.ts';
import { zipkinReceiver } from './receivers/zipkin.ts';
import type { SettingsShape } from './shape.ts';

/** Settings of the components that are known best, by kind and type at release 0.159. */
export const componentShapes: Readonly<Record<ComponentKind, Readonly<Record<string, SettingsShape>>>> = {
  receiver: {
    file_log: fileLogReceiver,
    fluent_forward: fluentForwardReceiver,
    host_metrics: hostMetricsReceiver,
    jaeger: jaegerReceiver,
    journald: journaldReceiver,
    kafka: kafkaReceiver,
    kubelet_stats: kubeletStatsReceiver,
    mysql: mysqlReceiver,
    nginx: nginxReceiver,
    nop: nopReceiver,
    otlp: otlpReceiver,
    prometheus: prometheusReceiver,
    redis: redisReceiver,
    statsd: statsdReceiver,
    syslog: syslogReceiver,
    tcp_log: tcpLogReceiver,
    udp_log: udpLogReceiver,
    zipkin: zipkinReceiver,
  },
  processor: {
    attributes: attributesProcessor,
    batch: batchProcessor,
    cumulative_to_delta: cumulativeToDeltaProcessor,
    delta_to_cumulative: deltaToCumulativeProcessor,
    filter: filterProcessor,
    groupbyattrs: groupbyattrsProcessor,
    interval: intervalProcessor,
    k8s_attributes: k8sAttributesProcessor,
    memory_limiter: memoryLimiterProcessor,
    metrics_transform: metricsTransformProcessor,
    probabilistic_sampler: probabilisticSamplerProcessor,
    redaction: redactionProcessor,
    resource: resourceProcessor,
    resource_detection: resourceDetectionProcessor,
    span: spanProcessor,
    tail_sampling: tailSamplingProcessor,
    transform: transformProcessor,
  },
  exporter: {
    clickhouse: clickhouseExporter,
    debug: debugExporter,
    file: fileExporter,
    kafka: kafkaExporter,
    load_balancing: loadBalancingExporter,
    nop: nopExporter,
    otlp_grpc: otlpGrpcExporter,
    otlp_http: otlpHttpExporter,
    prometheus: prometheusExporter,
    prometheus_remote_write: prometheusRemoteWriteExporter,
    zipkin: zipkinExporter,
  },
  connector: {
    count: countConnector,
    forward: forwardConnector,
    routing: routingConnector,
    service_graph: serviceGraphConnector,
    span_metrics: spanMetricsConnector,
  },
  extension: {
    basicauth: basicauthExtension,
    bearertokenauth: bearertokenauthExtension,
    file_storage: fileStorageExtension,
    headers_setter: headersSetterExtension,
    health_check: healthCheckExtension,
    k8s_observer: k8sObserverExtension,
    oauth2client: oauth2clientExtension,
    opamp: opampExtension,
    pprof: pprofExtension,
    zpages: zpagesExtension,
  },
};
