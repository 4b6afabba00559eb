import { byteSize, inputFields, multiline } from '../blocks/stanza.ts';
import { plainTlsServer } from '../blocks/tls.ts';
import { bool, duration, exactlyOne, int, settings, text, word } from '../shape.ts';

/** Settings of the syslog receiver. */
export const syslogReceiver = settings(
  {
    ...inputFields,
    allow_skip_pri_header: bool,
    enable_octet_counting: bool,
    location: text,
    max_octets: int,
    non_transparent_framing_trailer: text,
    on_error: text,
    protocol: word('rfc3164', 'rfc5424'),
    tcp: settings({
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
    }),
    udp: settings({
      add_attributes: bool,
      async: settings({ max_queue_length: int, processors: int, readers: int }),
      encoding: text,
      listen_address: text,
      multiline,
      one_log_per_packet: bool,
      preserve_leading_whitespaces: bool,
      preserve_trailing_whitespaces: bool,
    }),
  },
  { required: ['protocol'], groups: [exactlyOne('tcp', 'udp')] },
);
