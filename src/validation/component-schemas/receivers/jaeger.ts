import { grpcClientFields, grpcServer } from '../blocks/grpc.ts';
import { httpServerFields } from '../blocks/http.ts';
import { atLeastOne, duration, int, optional, settings, text } from '../shape.ts';

const protocolUDP = optional({
  endpoint: text,
  max_packet_size: int,
  queue_size: int,
  socket_buffer_size: int,
  workers: int,
});

/** Settings of the jaeger receiver. */
export const jaegerReceiver = settings(
  {
    protocols: settings(
      {
        grpc: grpcServer,
        thrift_binary: protocolUDP,
        thrift_compact: protocolUDP,
        thrift_http: optional({ ...httpServerFields }),
      },
      { groups: [atLeastOne('grpc', 'thrift_http', 'thrift_binary', 'thrift_compact')] },
    ),
    remote_sampling: settings({
      ...grpcClientFields,
      host_endpoint: text,
      strategy_file: text,
      strategy_file_reload_interval: duration,
    }),
  },
  { required: ['protocols'] },
);
