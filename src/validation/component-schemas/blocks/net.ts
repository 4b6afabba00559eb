import { choice, duration, either, type Fields, int, listOf, mapOf, settings, text } from '../shape.ts';

/** A component id, `type` or `type/name`. */
export const componentId = text;

/** Header names and values; a list of pairs keeps their order. */
export const headers = either(mapOf(text), listOf(settings({ name: text, value: text })));

/** Extensions that a connection passes through. */
export const middlewares = listOf(settings({ id: componentId }));

/** How an address is dialled. */
export const dialer = settings({ timeout: duration });

/** Networks that Go can listen on. */
export const transport = choice(
  'tcp',
  'tcp4',
  'tcp6',
  'udp',
  'udp4',
  'udp6',
  'ip',
  'ip4',
  'ip6',
  'unix',
  'unixgram',
  'unixpacket',
  '',
);

/** An address and its network. */
export const addrFields = { endpoint: text, transport, dialer } satisfies Fields;

/** Algorithms that requests are compressed with; which of them a component takes is its own affair. */
export const compression = choice(
  'gzip',
  'zlib',
  'deflate',
  'snappy',
  'x-snappy-framed',
  'zstd',
  'lz4',
  'none',
  '',
);

/** How hard to compress. */
export const compressionParams = settings({ level: int });
