import { bool, duration, type Fields, int, optional, since, text, uint } from '../shape.ts';
import { auth } from './auth.ts';
import { addrFields, compression, headers, middlewares } from './net.ts';
import { tlsClient, tlsServer } from './tls.ts';

/** Pings that keep a client’s connection open. */
export const keepaliveClient = optional({ permit_without_stream: bool, time: duration, timeout: duration });

/** Pings of a server, and which ones it takes from clients. */
export const keepaliveServer = optional({
  enforcement_policy: optional({ min_time: duration, permit_without_stream: bool }),
  server_parameters: optional({
    max_connection_age: duration,
    max_connection_age_grace: duration,
    max_connection_idle: duration,
    time: duration,
    timeout: duration,
  }),
});

/** Settings of every gRPC client. */
export const grpcClientFields = {
  auth,
  authority: text,
  balancer_name: text,
  compression,
  endpoint: text,
  headers,
  keepalive: keepaliveClient,
  middlewares,
  read_buffer_size: int,
  tls: tlsClient,
  user_agent: since(151, text),
  wait_for_ready: bool,
  write_buffer_size: int,
} satisfies Fields;

/** Settings of every gRPC server. */
export const grpcServerFields = {
  ...addrFields,
  auth,
  include_metadata: bool,
  keepalive: keepaliveServer,
  max_concurrent_streams: uint,
  max_recv_msg_size_mib: int,
  middlewares,
  read_buffer_size: int,
  tls: tlsServer,
  write_buffer_size: int,
} satisfies Fields;

/** A gRPC server. */
export const grpcServer = optional(grpcServerFields);
