import { bool, choice, listOf, settings, text } from '../shape.ts';

/** Settings of the redaction processor. */
export const redactionProcessor = settings({
  allow_all_keys: bool,
  allowed_keys: listOf(text),
  allowed_values: listOf(text),
  blocked_key_patterns: listOf(text),
  blocked_values: listOf(text),
  db_sanitizer: settings({
    es: settings({ attributes: listOf(text), enabled: bool }),
    memcached: settings({ attributes: listOf(text), enabled: bool }),
    mongo: settings({ attributes: listOf(text), enabled: bool }),
    opensearch: settings({ attributes: listOf(text), enabled: bool }),
    redis: settings({ attributes: listOf(text), enabled: bool }),
    sanitize_span_name: bool,
    sql: settings({ attributes: listOf(text), enabled: bool }),
    valkey: settings({ attributes: listOf(text), enabled: bool }),
  }),
  hash_function: choice('md5', 'sha1', 'sha3', 'hmac-sha256', 'hmac-sha512', ''),
  hmac_key: text,
  ignored_key_patterns: listOf(text),
  ignored_keys: listOf(text),
  redact_all_types: bool,
  summary: choice('debug', 'info', 'silent', ''),
  url_sanitizer: settings({ attributes: listOf(text), enabled: bool, sanitize_span_name: bool }),
});
