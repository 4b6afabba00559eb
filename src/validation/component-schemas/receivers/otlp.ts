import { grpcServer } from '../blocks/grpc.ts';
import { httpServerFields } from '../blocks/http.ts';
import { atLeastOne, optional, settings, text } from '../shape.ts';

/** Settings of the otlp receiver. */
export const otlpReceiver = settings(
  {
    protocols: settings(
      {
        grpc: grpcServer,
        http: optional({
          ...httpServerFields,
          logs_url_path: text,
          metrics_url_path: text,
          traces_url_path: text,
        }),
      },
      { groups: [atLeastOne('grpc', 'http')] },
    ),
  },
  { required: ['protocols'] },
);
