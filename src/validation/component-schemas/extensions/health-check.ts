import { grpcServerFields } from '../blocks/grpc.ts';
import { httpServerFields } from '../blocks/http.ts';
import { bool, duration, int, settings, text } from '../shape.ts';

const path = settings({ enabled: bool, include_attributes: bool, path: text });

/** Settings of the health_check extension. */
export const healthCheckExtension = settings({
  ...httpServerFields,
  check_collector_pipeline: settings({ enabled: bool, exporter_failure_threshold: int, interval: text }),
  component_health: settings({
    include_permanent_errors: bool,
    include_recoverable_errors: bool,
    recovery_duration: duration,
  }),
  grpc: settings({ ...grpcServerFields }),
  http: settings({ ...httpServerFields, config: path, status: path }),
  path: text,
  response_body: settings({ healthy: text, unhealthy: text }),
  use_v2: bool,
});
