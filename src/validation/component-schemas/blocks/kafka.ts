import { bool, duration, type Fields, int, listOf, openSettings, settings, text } from '../shape.ts';
import { componentId } from './net.ts';
import { tlsClient } from './tls.ts';

/** How a client proves who it is to the brokers. */
export const kafkaAuth = settings({
  kerberos: settings({
    config_file: text,
    disable_fast_negotiation: bool,
    keytab_file: text,
    password: text,
    realm: text,
    service_name: text,
    use_keytab: bool,
    username: text,
  }),
  plain_text: settings({ password: text, username: text }),
  sasl: settings({
    aws_msk: openSettings({ region: text }),
    mechanism: text,
    oauthbearer_token_source: componentId,
    password: text,
    username: text,
    version: int,
  }),
  tls: tlsClient,
});

/** What a client asks the brokers about topics. */
export const kafkaMetadata = settings({
  full: bool,
  refresh_interval: duration,
  retry: settings({ backoff: duration, max: int }),
});

/** Settings of every Kafka client. */
export const kafkaClientFields = {
  auth: kafkaAuth,
  brokers: listOf(text),
  client_id: text,
  conn_idle_timeout: duration,
  metadata: kafkaMetadata,
  protocol_version: text,
  rack_id: text,
  resolve_canonical_bootstrap_servers_only: bool,
  tls: tlsClient,
  use_leader_epoch: bool,
} satisfies Fields;
