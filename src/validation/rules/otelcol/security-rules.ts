import { holdsCredential } from '../../../agent-types/index.ts';
import type { ScalarNode } from '../../../model/index.ts';
import { sections } from './collector-config.ts';
import { isLoopback, isPublic, parseEndpoint } from './endpoint.ts';
import { withExporter } from './examples.ts';
import { isOpaque } from './expansions.ts';
import { isTrueAt, scalarAt } from './settings.ts';
import type { CollectorRule } from './subject.ts';

const literalSecret: CollectorRule = {
  code: 'OC050',
  name: 'literal-secret',
  severity: 'error',
  summary: 'A value is a credential by its form; a literal password or key is a warning.',
  advice:
    'Whoever reads the repo has it, and its history keeps it. Write `${env:NAME}` or `${file:/run/secrets/x}`, and revoke it.',
  bad: withExporter(
    'otlp_http',
    '{endpoint: "https://collector.example.com", headers: {x-key: AKIAIOSFODNN7EXAMPLE}}',
  ),
  good: withExporter(
    'otlp_http',
    '{endpoint: "https://collector.example.com", headers: {x-key: "${env:INGEST_KEY}"}}',
  ),
  agents: { env: ['INGEST_KEY'] },
  check({ scalars }, report) {
    const hint = 'use ${env:NAME} or a file on the agent';
    for (const { node, path } of scalars) {
      if (isOpaque(node)) continue;
      if (holdsCredential(node.text) || isLiteralAuthorization(node))
        report(node.at, `this looks like a secret in Git; ${hint}`);
      else if (isSecretSetting(path) && isLiteral(node)) {
        const message = `"${path.at(-1)}" is a secret, and this is its value in Git; ${hint}`;
        report(node.at, message, { severity: 'warning' });
      }
    }
  },
};

/** A header’s value such as `Bearer 3f2a…`: long enough and mixed, unlike a placeholder. */
function isLiteralAuthorization({ text }: ScalarNode): boolean {
  const token = /^(?:Bearer|Basic)\s+([A-Za-z0-9+/_.~=-]{16,})$/.exec(text)?.[1];
  return (
    token !== undefined &&
    /[0-9]/.test(token) &&
    /[A-Za-z]/.test(token) &&
    !/^[a-z]+(-[a-z0-9]+)*$/.test(token)
  );
}

const secretSettings = new Set([
  'password',
  'client_secret',
  'api_key',
  'access_token',
  'secret_access_key',
  'connection_string',
  'key_pem',
  'hmac_key',
]);

/** Settings of components that the collector itself masks or that hold nothing but a secret. */
function isSecretSetting(path: readonly (string | number)[]): boolean {
  const [section, , ...rest] = path;
  if (!sections.some((one) => one === section) || rest.length === 0) return false;
  const leaf = String(rest.at(-1));
  return secretSettings.has(leaf) || (leaf === 'key' && rest.at(-2) === 'api');
}

function isLiteral({ type, text }: ScalarNode): boolean {
  return type !== 'null' && type !== 'bool' && text !== '';
}

const insecureTls: CollectorRule = {
  code: 'OC051',
  name: 'insecure-tls',
  severity: 'warning',
  summary: 'An exporter sends to a public host without encryption, or does not verify whom it talks to.',
  advice: 'Telemetry can be read or taken on its way. Use TLS, and `ca_file` for a CA of your own.',
  bad: withExporter('otlp_grpc', '{endpoint: "collector.example.com:4317", tls: {insecure: true}}'),
  good: withExporter(
    'otlp_grpc',
    '{endpoint: "collector.example.com:4317", tls: {ca_file: /etc/otelcol/ca.pem}}',
  ),
  check({ config }, report) {
    for (const { value } of config.components.exporters.values()) {
      const endpoint = scalarAt(value, 'endpoint');
      const parsed = endpoint && parseEndpoint(endpoint.text);
      if (!endpoint || !parsed) continue;
      const { host, scheme } = parsed;
      const insecure = scalarAt(value, 'tls::insecure');
      const isPlain = scheme === 'http' || (scheme !== 'https' && isTrueAt(value, 'tls::insecure'));
      if (isPlain && isPublic(host))
        report((insecure ?? endpoint).at, `telemetry to "${host}" is not encrypted`);
      const skipped = scalarAt(value, 'tls::insecure_skip_verify');
      if (skipped && isTrueAt(value, 'tls::insecure_skip_verify') && !isLoopback(host))
        report(
          skipped.at,
          `telemetry goes to whoever answers for "${host}": its certificate is not verified`,
        );
    }
  },
};

/** Rules on secrets and on the wire. */
export const securityRules: readonly CollectorRule[] = [literalSecret, insecureTls];
