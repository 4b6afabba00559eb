import { tlsClient } from '../blocks/tls.ts';
import { any, atLeastOne, duration, listOf, mapOf, settings, text } from '../shape.ts';

/** Settings of the oauth2client extension. */
export const oauth2clientExtension = settings(
  {
    audience: text,
    claims: mapOf(any),
    client_certificate_key: text,
    client_certificate_key_file: text,
    client_certificate_key_id: text,
    client_id: text,
    client_id_file: text,
    client_secret: text,
    client_secret_file: text,
    endpoint_params: mapOf(listOf(text)),
    expiry_buffer: duration,
    grant_type: text,
    iss: text,
    scopes: listOf(text),
    signature_algorithm: text,
    timeout: duration,
    tls: tlsClient,
    token_url: text,
  },
  { required: ['token_url'], groups: [atLeastOne('client_id', 'client_id_file')] },
);
