import { retryOnFailure, sendingQueue } from '../blocks/exporter.ts';
import { grpcClientFields } from '../blocks/grpc.ts';
import { atMostOne, bool, choice, duration, int, listOf, optional, settings, text, uint } from '../shape.ts';

/** Settings of the load_balancing exporter. */
export const loadBalancingExporter = settings({
  protocol: settings({
    otlp: settings({
      ...grpcClientFields,
      retry_on_failure: retryOnFailure,
      sending_queue: sendingQueue,
      timeout: duration,
    }),
  }),
  resolver: settings(
    {
      aws_cloud_map: optional({
        health_status: text,
        interval: duration,
        namespace: text,
        owner_account: text,
        port: uint,
        service_name: text,
        timeout: duration,
      }),
      dns: optional({ hostname: text, interval: duration, port: text, timeout: duration }),
      k8s: optional({ ports: listOf(int), return_hostnames: bool, service: text, timeout: duration }),
      static: optional({ hostnames: listOf(text) }),
    },
    { groups: [atMostOne('static', 'dns', 'k8s', 'aws_cloud_map')] },
  ),
  retry_on_failure: retryOnFailure,
  routing_attributes: listOf(text),
  routing_key: choice('service', 'traceID', 'metric', 'resource', 'streamID', 'attributes', ''),
  sending_queue: sendingQueue,
  timeout: duration,
});
