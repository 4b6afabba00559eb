import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import {
  type AgentGate,
  type CertificateAuthority,
  createAgentGate,
  createJwtVerifier,
  createKeyFetcher,
  createServerSecrets,
  type EnrollmentDesk,
  fetchHttpsDocument,
  type IssuedRecord,
  openCertificateAuthority,
  openEnrollmentDesk,
  type PendingEnrollment,
  parseSecretAllowances,
  parseTrustedIssuers,
  readSecretFile,
  type ServerSecrets,
} from '../credentials/index.ts';
import type { Clock, Logger, ServiceSettings } from '../runtime/index.ts';

/** Who agents are, what the server signs for them, and what it fills into their Connections. */
export interface Credentials {
  readonly gate: AgentGate;
  readonly authority: CertificateAuthority;
  readonly desk: EnrollmentDesk;
  readonly secrets: ServerSecrets;
}

export interface CredentialsDeps {
  readonly clock: Clock;
  readonly logger: Logger;
  /** In [0, 1). */
  readonly random: () => number;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** What an earlier run left. */
  readonly facts: ReadonlyMap<string, unknown>;
  readonly putFact: (key: string, value: unknown) => void;
  readonly deleteFact: (key: string) => void;
}

const pendingPrefix = 'enrollment/';
const issuedPrefix = 'issued/';

/** Opens everything that credentials need. Throws `CA_FILES`, `CA_INVALID` and what a setting's form deserves. */
export async function openCredentials(
  { ca, jwtIssuers, connections, opamp }: ServiceSettings,
  deps: CredentialsDeps,
): Promise<Credentials> {
  const { clock, logger, random, facts } = deps;
  const authority = await openCertificateAuthority(ca, { clock, random: randomBytes });
  const keySource = createKeyFetcher(
    { fetch: fetchHttpsDocument, readFile: (path) => readFile(path, 'utf8') },
    { trusted: parseTrustedIssuers(jwtIssuers) },
  );
  const jwt = createJwtVerifier({ keySource, clock, logger });
  const gate = createAgentGate({ clock, random, jwt, authority }, opamp);
  const desk = await openEnrollmentDesk({
    authority,
    clock,
    approvalOf: (tenant, credential) => gate.approvalOf(tenant, credential),
    pendingStore: {
      load: async () => valuesUnder<PendingEnrollment>(facts, pendingPrefix),
      put: (pending) => deps.putFact(`${pendingPrefix}${pending.tenant}/${pending.uid}`, pending),
      remove: (tenant, uid) => deps.deleteFact(`${pendingPrefix}${tenant}/${uid}`),
    },
    issuedLog: {
      load: async () => valuesUnder<IssuedRecord>(facts, issuedPrefix),
      record: (issued) => deps.putFact(`${issuedPrefix}${issued.tenant}/${issued.uid}`, issued),
      remove: (tenant, uid) => deps.deleteFact(`${issuedPrefix}${tenant}/${uid}`),
    },
  });
  const secrets = createServerSecrets(
    { env: deps.environment, readFile: readSecretFile },
    {
      ...(connections.secretsDir !== undefined && { secretsDir: connections.secretsDir }),
      allow: parseSecretAllowances(connections.allow),
    },
  );
  logger.info(
    { issuerSha256: authority.issuers[0]?.sha256 },
    'agents’ certificates are signed by this issuer',
  );
  return { gate, authority, desk, secrets };
}

function valuesUnder<Value>(facts: ReadonlyMap<string, unknown>, prefix: string): readonly Value[] {
  return [...facts].flatMap(([key, value]) => (key.startsWith(prefix) ? [value as Value] : []));
}
