import type { ApprovalDecision, EnrollmentDesk } from '../credentials/index.ts';
import type { Poller } from '../git-source/index.ts';
import type { FleetActs } from '../http-api/index.ts';
import { type InstanceUid, MusterError } from '../model/index.ts';
import type { Reconciler } from '../reconciler/index.ts';
import { toIssued } from './settings-source.ts';

/** What operators may do, carried out by the loop, the poller and the enrollment desk. */
export function createActs(
  reconciler: Reconciler,
  poller: Poller,
  desk: EnrollmentDesk,
  serverAuthorities: () => Promise<string>,
): FleetActs {
  const { commands } = reconciler;
  return {
    sync: () => poller.request(),
    approve: (sha, act) => commands.approve(sha, act),
    stop: (act) => commands.stopOffers(act),
    start: (act) => commands.startOffers(act),
    retry: (uid, act) => commands.retry(uid as InstanceUid, act),
    restart: (uid, act) => commands.restart(uid as InstanceUid, act),
    rollouts: commands.rollouts,
    async approveAgent(uid, tenant, act, csrSha256) {
      const request = csrSha256 === undefined ? {} : { csrSha256 };
      const decision = await desk.approve({ uid: uid as InstanceUid, tenant, ...act, ...request });
      if (decision.kind === 'issued') {
        const issued = toIssued(decision.certificate, await serverAuthorities());
        await reconciler.settings.approved(decision.certificate, issued, act);
        return;
      }
      throw notApproved(decision);
    },
    pendingAgents: (tenant) =>
      desk.pending(tenant).map(({ tenant: owner, uid, credential, csrSha256, requestedAt }) => ({
        ...{ tenant: owner, uid, credential, csrSha256 },
        requestedAt: new Date(requestedAt).toISOString(),
      })),
  };
}

function notApproved({ kind, reason }: Exclude<ApprovalDecision, { kind: 'issued' }>): MusterError {
  const hint = 'List what waits with `muster agents pending`; --request names the one that is meant.';
  if (kind === 'changed') return new MusterError('REQUEST_CHANGED', reason, { disposition: 'stalled', hint });
  return new MusterError('NOT_FOUND', reason, { disposition: 'stalled', hint });
}
