import { byteSize, inputFields, multiline } from '../blocks/stanza.ts';
import { plainTlsServer } from '../blocks/tls.ts';
import { bool, duration, int, settings, text } from '../shape.ts';

/** Settings of the tcp_log receiver. */
export const tcpLogReceiver = settings(
  {
    ...inputFields,
    add_attributes: bool,
    connection_idle_timeout: duration,
    encoding: text,
    listen_address: text,
    max_connections: int,
    max_log_size: byteSize,
    multiline,
    one_log_per_packet: bool,
    preserve_leading_whitespaces: bool,
    preserve_trailing_whitespaces: bool,
    tls: plainTlsServer,
  },
  { required: ['listen_address'] },
);
