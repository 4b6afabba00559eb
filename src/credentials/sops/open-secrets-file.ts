import type { Position, TenantSecrets } from '../../model/index.ts';
import { deriveHashKey, digestSecrets } from './derive-secret-hashes.ts';
import { openDataKey } from './open-data-key.ts';
import { openValues } from './open-values.ts';
import { readSopsFile } from './read-sops-file.ts';
import { listSecretNames } from './secret-names.ts';
import { type SecretFault, secretProblem, secretProblems } from './secret-problems.ts';
import type { FindTenantKey } from './tenant-keys.ts';

/** A secrets file and the tenant whose folder it is in. */
export interface SecretsFile {
  readonly tenant: string;
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** Opens a tenant's secrets with its own key, or without `findKey` reads their names only. Every fault is a problem. */
export async function openSecretsFile(
  { tenant, path, bytes }: SecretsFile,
  findKey?: FindTenantKey,
): Promise<TenantSecrets> {
  const file = readSopsFile(bytes, path);
  if ('fault' in file) return closed(tenant, [], [file.fault]);
  const { names, faults } = listSecretNames(file.tree);
  const start: Position = { file: path, line: 1, column: 1 };
  if (!findKey || faults.some(isError)) return closed(tenant, names, faults);
  const found = await findKey(tenant);
  if (found.kind === 'missing') {
    const message = `the secrets of tenant ${tenant} cannot be opened: ${found.reason}`;
    return closed(tenant, names, [...faults, { code: 'FR303', at: start, message }]);
  }
  const dataKey = await openDataKey(file.wrappedKeys, found.identities);
  if (dataKey.kind !== 'opened')
    return closed(tenant, names, [...faults, describeDataKey(dataKey.kind, file.at)]);
  const opened = openValues(file, dataKey.key);
  if ('fault' in opened) return closed(tenant, names, [...faults, opened.fault]);
  const hashKey = deriveHashKey(found.identities[0]);
  const values = new Map([...opened.values].filter(([name]) => names.includes(name)));
  return {
    digests: digestSecrets(values, hashKey),
    opened: { values, hashKey },
    problems: faults.map((fault) => secretProblem(fault, tenant)),
  };
}

function describeDataKey(kind: 'not-a-recipient' | 'damaged', at: Position): SecretFault {
  if (kind === 'damaged')
    return { code: 'FR305', at, message: 'the copy of the data key for this tenant is damaged' };
  return { code: 'FR304', at, message: 'these secrets are not encrypted for the key of this tenant' };
}

function closed(tenant: string, names: readonly string[], faults: readonly SecretFault[]): TenantSecrets {
  return {
    digests: new Map(names.map((name) => [name, ''])),
    problems: faults.map((fault) => secretProblem(fault, tenant)),
  };
}

function isError({ code }: SecretFault): boolean {
  return secretProblems[code].severity === 'error';
}
