import { createHash } from 'node:crypto';
import { makeTemporaryDir } from './git-repo.ts';
import { collectorText, startTestService, type TestService } from './service.ts';
import { makeTlsListener } from './tls-listener.ts';

/** The service over TLS, known by its public address, for one tenant `acme` with a token of each kind. */
export interface SecureService extends AsyncDisposable {
  readonly service: TestService;
  /** The endpoint's `wss` address. */
  readonly url: string;
  /** The authority of the server's certificate, PEM. */
  readonly ca: string;
}

/** Tokens that open tenant `acme`: `full` admits, the others are only good for requesting a certificate. */
export const tokens = { full: 'a-full-token', auto: 'an-automatic-one', manual: 'one-to-be-approved' };

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** The tenant's files without revocations; more lines may be given for its manifest. */
export function acmeFiles(more = ''): Record<string, string> {
  return {
    'tenants/acme/tenant.yaml': [
      'kind: Tenant',
      'enrollment:',
      `  - {name: full, tokenSha256: ${sha256(tokens.full)}}`,
      `  - {name: auto, tokenSha256: ${sha256(tokens.auto)}, approve: auto}`,
      `  - {name: manual, tokenSha256: ${sha256(tokens.manual)}, approve: manual}`,
      more,
    ].join('\n'),
    'tenants/acme/edge.yaml':
      'kind: AgentConfig\nselector: {matchLabels: {service.name: otelcol}}\nconfig: edge/collector.yaml\nrollout: immediate\n',
    'tenants/acme/edge/collector.yaml': collectorText(),
  };
}

/** Starts it with these files beside the tenant's. */
export async function startSecureService(
  files: Readonly<Record<string, string>>,
  environment: Readonly<Record<string, string>> = {},
): Promise<SecureService> {
  const folder = makeTemporaryDir();
  const { address, url, ca, environment: tls } = await makeTlsListener(folder.path);
  const service = await startTestService({
    files: { ...acmeFiles(), ...files },
    flags: { opamp: address },
    environment: { ...tls, ...environment },
  });
  return {
    service,
    url,
    ca,
    async [Symbol.asyncDispose]() {
      await service[Symbol.asyncDispose]();
      folder.remove();
    },
  };
}
