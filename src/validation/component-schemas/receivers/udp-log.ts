import { inputFields, multiline } from '../blocks/stanza.ts';
import { bool, int, settings, text } from '../shape.ts';

/** Settings of the udp_log receiver. */
export const udpLogReceiver = settings(
  {
    ...inputFields,
    add_attributes: bool,
    async: settings({ max_queue_length: int, processors: int, readers: int }),
    encoding: text,
    listen_address: text,
    multiline,
    one_log_per_packet: bool,
    preserve_leading_whitespaces: bool,
    preserve_trailing_whitespaces: bool,
  },
  { required: ['listen_address'] },
);
