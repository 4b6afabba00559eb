import { bool, duration, type Fields, int, listOf, optional, text } from '../shape.ts';
import { auth, serverAuth } from './auth.ts';
import { addrFields, compression, compressionParams, headers, middlewares } from './net.ts';
import { tlsClient, tlsServer } from './tls.ts';

/** Whether a client keeps cookies: it does where the block is there. */
export const cookies = optional({});

/** Which pages of other origins may call a server. */
export const cors = optional({
  allowed_headers: listOf(text),
  allowed_origins: listOf(text),
  exposed_headers: listOf(text),
  max_age: int,
});

/** Settings of every HTTP client. */
export const httpClientFields = {
  auth,
  compression,
  compression_params: compressionParams,
  cookies,
  disable_keep_alives: bool,
  endpoint: text,
  force_attempt_http2: bool,
  headers,
  http2_ping_timeout: duration,
  http2_read_idle_timeout: duration,
  idle_conn_timeout: duration,
  max_conns_per_host: int,
  max_idle_conns: int,
  max_idle_conns_per_host: int,
  middlewares,
  proxy_url: text,
  read_buffer_size: int,
  timeout: duration,
  tls: tlsClient,
  write_buffer_size: int,
} satisfies Fields;

/** Settings of every HTTP server. */
export const httpServerFields = {
  ...addrFields,
  auth: serverAuth,
  compression_algorithms: listOf(text),
  cors,
  idle_timeout: duration,
  include_metadata: bool,
  keep_alives_enabled: bool,
  max_request_body_size: int,
  middlewares,
  read_header_timeout: duration,
  read_timeout: duration,
  response_headers: headers,
  tls: tlsServer,
  write_timeout: duration,
} satisfies Fields;
