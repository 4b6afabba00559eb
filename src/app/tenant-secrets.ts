import {
  createSecretsReader,
  createTenantKeys,
  type ReadSecrets,
  readSecretFile,
} from '../credentials/index.ts';
import type { ServiceSettings } from '../runtime/index.ts';

/** Opens the secrets files of tenants, each with the key that the server holds for that tenant. */
export function openTenantSecrets(
  { secretsKeysDir }: Pick<ServiceSettings, 'secretsKeysDir'>,
  environment: Readonly<Record<string, string | undefined>>,
): ReadSecrets {
  const keysDir = secretsKeysDir === undefined ? {} : { keysDir: secretsKeysDir };
  return createSecretsReader({
    findKey: createTenantKeys({ env: environment, readFile: readSecretFile }, keysDir),
    breathe: () => new Promise((resolve) => setImmediate(resolve)),
  });
}
