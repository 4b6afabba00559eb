import type { AgentState, InstanceUid } from '../../model/index.ts';
import type { Logger } from '../../runtime/index.ts';
import { createTenantMaps } from '../tenant-maps.ts';
import type { World } from '../world.ts';
import { answerDemand, type DemandDeps, deliverCertificate } from './answer-demand.ts';
import { matchConnection } from './compose-connection.ts';
import type { IssuedCertificate } from './ports.ts';

/** Who sent a CSR. */
export interface DemandSession {
  readonly credential: string;
  /** `enroll` is good only for requesting a certificate; absent means full. */
  readonly scope?: 'full' | 'enroll';
  /** The one uid that a certificate of ours admits; absent for other credentials. */
  readonly boundUid?: InstanceUid | undefined;
}

/** Takes CSRs and answers them later. */
export interface DemandDesk {
  /** Takes a CSR; the certificate, or the refusal, follows (C-CSR-2). */
  demand(agent: AgentState, session: DemandSession, csr: Uint8Array): void;
  /** Sends a certificate that an operator approved to its agent, if it is there; else it asks again. */
  approved(
    owner: { readonly tenant: string; readonly uid: InstanceUid },
    issued: IssuedCertificate,
    act: { readonly actor: string; readonly reason: string },
  ): Promise<void>;
}

export interface DemandDeskDeps extends DemandDeps {
  readonly world: World;
  readonly logger: Logger;
}

/** CSRs of one tenant that are being checked or signed at one time. */
const maxOpen = 64;
/** Agents of one tenant whose request may still be approved while they are connected. */
const maxWaiting = 1_000;

/** A desk at which nobody waits yet. */
export function createDemandDesk(deps: DemandDeskDeps): DemandDesk {
  const { world, sink, now, onEvent, logger } = deps;
  const open = new Map<string, number>();
  const waiting = createTenantMaps<InstanceUid, AgentState>(maxWaiting);

  function wait(agent: AgentState): void {
    const { tenant, uid } = agent;
    const isKnown = waiting.has(tenant, uid);
    waiting.set(tenant, uid, agent);
    // Agents ask again and again while they wait.
    if (isKnown) return;
    const message = 'asks for a certificate: muster agents approve';
    onEvent({ at: now(), kind: 'certificate-pending', tenant, uid, message });
  }

  return {
    demand(agent, { credential, scope = 'full', boundUid }, csr) {
      const { uid, tenant, connection } = agent;
      const refuse = (message: string) => sink.sendError(uid, { type: 'bad-request', message }, connection);
      const before = open.get(tenant) ?? 0;
      if (before >= maxOpen) return void refuse('too many certificate requests');
      open.set(tenant, before + 1);
      const manifest = matchConnection(world, agent);
      const renews = boundUid !== undefined;
      answerDemand(deps, { agent, credential, scope, renews, csr, manifest })
        .then((outcome) => {
          if (outcome === 'pending') wait(agent);
          else waiting.delete(tenant, uid);
        })
        .catch((err: unknown) => {
          logger.error({ err, uid }, 'a CSR could not be answered');
          refuse('the certificate request could not be answered');
        })
        .finally(() => open.set(tenant, (open.get(tenant) ?? 1) - 1));
    },
    async approved({ tenant, uid }, issued, { actor, reason }) {
      const message = `certificate approved: ${reason}`;
      onEvent({ at: now(), kind: 'certificate-approved', tenant, uid, actor, message });
      const agent = waiting.get(tenant, uid);
      waiting.delete(tenant, uid);
      if (agent) await deliverCertificate(deps, agent, issued, matchConnection(world, agent));
    },
  };
}
