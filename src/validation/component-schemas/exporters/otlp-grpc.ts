import { retryOnFailure, sendingQueue } from '../blocks/exporter.ts';
import { grpcClientFields } from '../blocks/grpc.ts';
import { duration, settings } from '../shape.ts';

/** Settings of the otlp_grpc exporter. */
export const otlpGrpcExporter = settings(
  { ...grpcClientFields, retry_on_failure: retryOnFailure, sending_queue: sendingQueue, timeout: duration },
  { required: ['endpoint'] },
);
