import {
  atMostOne,
  bool,
  choice,
  duration,
  type Fields,
  listOf,
  optional,
  settings,
  since,
  text,
} from '../shape.ts';

const version = choice('1.0', '1.1', '1.2', '1.3', '');

/** A key kept in a trusted platform module. */
export const tpm = settings({ auth: text, enabled: bool, owner_auth: text, path: text });

/** What TLS clients and servers share. */
export const tlsFields = {
  ca_file: text,
  ca_pem: text,
  cert_file: text,
  cert_pem: text,
  cipher_suites: listOf(text),
  curve_preferences: listOf(text),
  include_insecure_cipher_suites: since(154, bool),
  include_system_ca_certs_pool: bool,
  key_file: text,
  key_pem: text,
  max_version: version,
  min_version: version,
  reload_interval: duration,
  tpm,
} satisfies Fields;

const groups = [
  atMostOne('ca_file', 'ca_pem'),
  atMostOne('cert_file', 'cert_pem'),
  atMostOne('key_file', 'key_pem'),
];

/** TLS of a client: on unless `insecure`. */
export const tlsClient = settings(
  { ...tlsFields, insecure: bool, insecure_skip_verify: bool, server_name_override: text },
  { groups },
);

const serverFields = { ...tlsFields, client_ca_file: text, client_ca_file_reload: bool } satisfies Fields;

/** TLS of a server; `client_ca_file` asks clients for certificates. */
export const tlsServer = optional(serverFields, { groups });

/** The same where the block cannot be switched off with `enabled`. */
export const plainTlsServer = settings(serverFields, { groups });
