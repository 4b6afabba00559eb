import { randomBytes } from 'node:crypto';
import { createSettingsSource } from '../../../../src/app/settings-source.ts';
import {
  createServerSecrets,
  type EnrollmentDesk,
  type IssuedRecord,
  openEnrollmentDesk,
  parseSecretAllowances,
} from '../../../../src/credentials/index.ts';
import { type AgentReport, agentCapability } from '../../../../src/model/index.ts';
import type { SettingsSource } from '../../../../src/reconciler/index.ts';
import { createManualClock } from '../../../../src/runtime/index.ts';
import { descriptionOf, fullCapabilities, healthOf } from '../../../support/agents.ts';
import { makeAuthority } from '../../../support/certificates.ts';

/** An agent that takes connection settings and packages, and says what became of them. */
export const takesSettings =
  fullCapabilities |
  agentCapability.acceptsOpampConnectionSettings |
  agentCapability.reportsConnectionSettingsStatus |
  agentCapability.acceptsPackages |
  agentCapability.reportsPackageStatuses |
  agentCapability.reportsOwnMetrics |
  agentCapability.reportsOwnTraces |
  agentCapability.reportsOwnLogs;

/** The first report of an agent that is no supervisor: those are not sent every member. */
export const hello: Partial<AgentReport> = {
  sequence: 0,
  capabilities: takesSettings & ~agentCapability.acceptsRemoteConfig,
  description: descriptionOf({ 'service.name': 'otelcol', 'os.type': 'linux', 'host.arch': 'amd64' }),
  health: healthOf(true),
};

/** The server's own settings source over a real authority, with the environment that Connections read. */
export async function makeSettingsSource(
  options: {
    readonly opampUrl?: string | undefined;
    readonly approvals?: Readonly<Record<string, 'auto' | 'manual'>>;
  } = {},
) {
  const clock = createManualClock(Date.UTC(2026, 0, 1));
  const environment: Record<string, string> = { MUSTER_CONNECTION_TOKEN: 'first-secret' };
  const issued: IssuedRecord[] = [];
  const authority = await makeAuthority(clock);
  const desk: EnrollmentDesk = await openEnrollmentDesk({
    authority,
    clock,
    approvalOf: (tenant, credential) => options.approvals?.[`${tenant}/${credential}`],
    pendingStore: { load: async () => [], put: () => {}, remove: () => {} },
    issuedLog: { load: async () => [], record: (record) => void issued.push(record), remove: () => {} },
  });
  const own: SettingsSource = createSettingsSource({
    secrets: createServerSecrets(
      { env: environment, readFile: () => Promise.reject(new Error('no file')) },
      { allow: parseSecretAllowances('') },
    ),
    desk,
    clock,
    hashKey: randomBytes(32),
    opampUrl: options.opampUrl,
    packages: undefined,
    serverAuthorities: async () => '',
  });
  const { source, idle } = watchSource(own);
  return { source, idle, clock, environment, issued, desk, authority };
}

/** The source, and what resolves once nothing is being made by it. */
function watchSource(own: SettingsSource) {
  let open = 0;
  const watch =
    <Args extends readonly unknown[], Result>(make: (...args: Args) => Promise<Result>) =>
    async (...args: Args): Promise<Result> => {
      open += 1;
      try {
        return await make(...args);
      } finally {
        open -= 1;
      }
    };
  const source: SettingsSource = {
    ...own,
    connection: watch(own.connection),
    issue: watch(own.issue),
    certify: watch(own.certify),
  };
  const idle = async () => {
    for (let quiet = 0; quiet < 10; quiet = open === 0 ? quiet + 1 : 0)
      await new Promise((resolve) => setImmediate(resolve));
  };
  return { source, idle };
}

/** A Connection for everyone, with these members. */
export function connectionFile(members: string): Readonly<Record<string, string>> {
  return { 'connections/default.yaml': `kind: Connection\nselector: {}\n${members}` };
}
