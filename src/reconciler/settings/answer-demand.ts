import type { AgentState, ConnectionManifest, FleetEvent } from '../../model/index.ts';
import type { CertificateBook } from './certificate-book.ts';
import type { IssuedCertificate, SettingsSink, SettingsSource } from './ports.ts';

export interface DemandDeps {
  readonly source: SettingsSource;
  readonly sink: SettingsSink;
  readonly certificates: CertificateBook;
  readonly now: () => number;
  readonly onEvent: (event: FleetEvent) => void;
}

/** Who asks, and with what. */
export interface Demand {
  /** Its `connection` is the session that the answer goes to. */
  readonly agent: AgentState;
  /** Name of the enrollment entry that admitted it. */
  readonly credential: string;
  readonly scope: 'full' | 'enroll';
  /** Whether a certificate of ours admitted it, so that it asks for the next one. */
  readonly renews: boolean;
  readonly csr: Uint8Array;
  /** The Connection that it is to have. */
  readonly manifest: ConnectionManifest | undefined;
}

/** What a CSR is answered with where no Connection has settings of its own: the address that the agent uses already. */
const plainConnection: ConnectionManifest = {
  name: 'certificate',
  tenant: undefined,
  at: { file: '', line: 1, column: 1 },
  selector: { requirements: [] },
  priority: 0,
  opamp: {
    headers: [],
    heartbeatMs: 30_000,
    insist: true,
    at: { file: '', line: 1, column: 1 },
  },
  other: new Map(),
};

/**
 * Answers a CSR (C-CSR-2, C-CSR-3): the certificate goes out with complete settings as soon as it is there, after an
 * operator's approval where the credential asks for one; whatever is wrong with it is a BAD_REQUEST. Says whether it waits.
 */
export async function answerDemand(deps: DemandDeps, demand: Demand): Promise<'answered' | 'pending'> {
  const { agent, credential, scope, renews, csr, manifest } = demand;
  const { uid, tenant } = agent;
  // A certificate that cannot be sent is not made, and nobody is asked to approve it.
  const obstacle = await findObstacle(deps, agent, manifest);
  if (obstacle !== undefined) {
    refuse(deps, agent, obstacle);
    return 'answered';
  }
  const lifetimeMs = manifest?.certificate?.lifetimeMs;
  const answer = await deps.source.certify({
    ...{ uid, tenant, credential, scope, renews, csr },
    ...(lifetimeMs !== undefined && { lifetimeMs }),
  });
  switch (answer.kind) {
    case 'rejected':
      refuse(deps, agent, answer.reason);
      return 'answered';
    case 'pending':
      return 'pending';
    case 'issued':
      await deliverCertificate(deps, agent, answer.issued, manifest);
      return 'answered';
  }
}

/** Sends an issued certificate, with the settings that go with it, to the session that the agent had when it asked. */
export async function deliverCertificate(
  deps: DemandDeps,
  agent: AgentState,
  issued: IssuedCertificate,
  manifest: ConnectionManifest | undefined,
): Promise<void> {
  const composed = await deps.source.connection(settingsFor(manifest), agent, issued.certificate);
  if (composed.kind !== 'offer' || !composed.offer?.opamp)
    return refuse(deps, agent, 'the certificate cannot be offered now');
  const { fingerprint, notBefore, notAfter } = issued;
  const { uid, tenant, connection } = agent;
  const baseHash = await baseHashOf(deps, agent, manifest);
  const held = { uid, tenant, fingerprint, notBefore, notAfter };
  const delivered = deps.sink.offerConnection(uid, composed.offer, connection);
  if (delivered !== 'sent' && delivered !== 'queued')
    return note(deps, agent, 'certificate-missed', 'left before its certificate came; it has to ask again');
  deps.certificates.put({ ...held, asked: true, baseHash, offerHash: composed.offer.hash });
  const until = new Date(notAfter).toISOString();
  note(
    deps,
    agent,
    'certificate-issued',
    `certificate ${fingerprint.slice(0, 16)} issued, valid until ${until}`,
  );
}

function settingsFor(manifest: ConnectionManifest | undefined): ConnectionManifest {
  return manifest?.opamp ? { ...manifest, opamp: { ...manifest.opamp, insist: true } } : plainConnection;
}

/** Why the agent could not be sent a certificate, if so: it does not take them, or the address is not known. */
async function findObstacle(
  { source }: DemandDeps,
  agent: AgentState,
  manifest: ConnectionManifest | undefined,
): Promise<string | undefined> {
  const composed = await source.connection(settingsFor(manifest), agent, undefined);
  if (composed.kind === 'refused') return composed.reason;
  if (composed.offer?.opamp) return undefined;
  return composed.omitted.find(({ member }) => member === 'opamp')?.reason ?? 'no address to offer it with';
}

/** Hash of the settings without the certificate, by which is told whether they changed since. */
async function baseHashOf(
  { source }: DemandDeps,
  agent: AgentState,
  manifest: ConnectionManifest | undefined,
): Promise<string> {
  if (!manifest?.opamp) return '';
  const composed = await source.connection(manifest, agent, undefined);
  return composed.kind === 'offer' ? (composed.offer?.hash ?? '') : '';
}

function refuse(deps: DemandDeps, agent: AgentState, reason: string): void {
  deps.sink.sendError(agent.uid, { type: 'bad-request', message: reason }, agent.connection);
  note(deps, agent, 'certificate-refused', `certificate request refused: ${reason}`);
}

function note(deps: DemandDeps, { uid, tenant }: AgentState, kind: string, message: string): void {
  deps.onEvent({ at: deps.now(), kind, tenant, uid, message });
}
