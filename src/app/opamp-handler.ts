import { randomBytes } from 'node:crypto';
import type { AgentGate } from '../credentials/index.ts';
import type { AgentReport, BlobId } from '../model/index.ts';
import {
  createUuidV7,
  type OpampHandler,
  type OpampServer,
  type Reply,
  type Session,
} from '../opamp-server/index.ts';
import { credentialTenants, type Reconciler } from '../reconciler/index.ts';
import type { Clock, Logger } from '../runtime/index.ts';
import { concealReport } from './conceal-report.ts';
import { createLiteralSecrets } from './literal-secrets.ts';
import { isOffered } from './settings-source.ts';

export interface HandlerDeps {
  readonly clock: Clock;
  readonly logger: Logger;
  /** What agents' words may repeat of secrets and must not show. */
  readonly secrets: {
    secretTexts(tenant: string): readonly string[];
    readBlob(id: BlobId): Uint8Array | undefined;
  };
}

const closeOverMs = 5_000;
const refused: Reply = {
  reportFullState: false,
  error: { type: 'bad-request', message: 'this agent is revoked' },
};

/**
 * The loop as the OpAMP server sees it: credentials are judged before, revoked agents never reach it, and nothing that
 * agents say of secrets does.
 */
export function createHandler(
  gate: AgentGate,
  reconciler: Reconciler,
  { clock, logger, secrets }: HandlerDeps,
): OpampHandler {
  const literalSecrets = createLiteralSecrets(reconciler.world, secrets.readBlob);
  const receive = (report: AgentReport, session: Session): Reply => {
    if (!report.requestsUid) return reconciler.receive(report, session);
    const newUid = createUuidV7(clock.now(), randomBytes(10));
    reconciler.rename(report.uid, newUid, session);
    return { ...reconciler.receive({ ...report, uid: newUid, requestsUid: false }, session), newUid };
  };
  return {
    authenticate: (request) => gate.admit(request),
    receive(report, session) {
      if (!isRevoked(gate, session, report.uid))
        return receive(
          concealReport(report, () => [
            ...secrets.secretTexts(session.tenant),
            ...literalSecrets(report.uid),
          ]),
          session,
        );
      logger.warn({ uid: report.uid, tenant: session.tenant }, 'a revoked agent was refused');
      return refused;
    },
    mayDownload(uid, sha256) {
      const agent = reconciler.world.registry.get(uid)?.agent;
      if (!agent || gate.isRevoked(agent.tenant, uid)) return false;
      return isOffered(agent, reconciler.settings.filesFor(agent), sha256);
    },
    disconnected: (uids, session) => reconciler.disconnected(uids, session),
  };
}

/** Whether the tenant revoked one of these: the certificate, the uid that it is good for, the uid that the agent goes by. */
function isRevoked(
  gate: AgentGate,
  { tenant, fingerprint, boundUid }: Session,
  ...uids: readonly string[]
): boolean {
  const isOut = (one: string | undefined) => one !== undefined && gate.isRevoked(tenant, one);
  return isOut(fingerprint) || isOut(boundUid) || uids.some(isOut);
}

/** Judges by the newest tenants from now on; closes the sessions whose credential is void, and revoked agents' at once. */
export function applyCredentials(gate: AgentGate, reconciler: Reconciler, opamp: OpampServer): void {
  const { world } = reconciler;
  if (world.head === undefined && world.inForce.size === 0) return;
  const tenants = credentialTenants(world);
  const isVoid = gate.replace(tenants);
  opamp.closeSessions((session) => isRevoked(gate, session), { code: 1008, reason: 'revoked' });
  opamp.closeSessions(isVoid, {
    code: 1008,
    reason: 'the credential is no longer valid',
    overMs: closeOverMs,
  });
  const uids = [...tenants].flatMap(([tenant, { manifest }]) => {
    if (manifest.revoked.length === 0) return [];
    const agents = [...world.registry.ofTenant(tenant)].map(({ agent }) => agent);
    return agents
      .filter((agent) => agent.connected && gate.isRevoked(tenant, agent.uid))
      .map(({ uid }) => uid);
  });
  if (uids.length > 0) opamp.disconnect(uids, 1008, 'revoked');
}
