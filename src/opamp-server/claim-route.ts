import type { AgentReport } from '../model/index.ts';
import { type AgentRoute, type Channel, type Connection, createRoute } from './agent-route.ts';
import { isOpen } from './connection.ts';
import type { ServerContext } from './context.ts';
import { assignNewUid, type Claim, createSibling, isClone, mustProbe, probeHolder } from './duplicate-uid.ts';
import type { Session } from './ports.ts';
import { respellRoute } from './routes.ts';
import { createTally } from './tally.ts';

/**
 * The route that a report speaks for: the known one, or a new one that is registered once the handler accepts it.
 * A uid that a live connection holds is probed first (C-ID-3): a holder that answers keeps it and the newcomer gets
 * a new uid; one that does not has been replaced. Undefined where the channel holds too many agents, or was closed
 * in the meantime.
 */
export function claimRoute(
  context: ServerContext,
  channel: Channel,
  session: Session,
  claim: Claim,
): AgentRoute | undefined | Promise<AgentRoute | undefined> {
  const known = findKnown(context, channel, session, claim);
  if (known)
    return isClone(context, known, session, claim) ? createSibling(context, known, session, claim) : known;
  const limit =
    channel.kind === 'ws' ? context.options.maxAgentsPerConnection : context.options.maxPollingAgents;
  if (channel.routes.size >= limit) return undefined;
  const holder = context.routes.get(claim.report.uid);
  const fresh = createRoute(
    channel,
    session,
    claim.report.uid,
    claim.wireUid,
    holder?.moves ?? createTally(),
  );
  if (!holder || !mustProbe(context, holder, session, claim)) return fresh;
  return probeHolder(context, holder.channel as Connection).then((alive) => {
    if (channel.kind === 'ws' && !isOpen(channel)) return undefined;
    if (alive) assignNewUid(context, fresh);
    return fresh;
  });
}

function findKnown(
  context: ServerContext,
  channel: Channel,
  session: Session,
  { wireUid, report }: Claim,
): AgentRoute | undefined {
  const known = channel.routes.get(report.uid);
  if (known) return sameOwner(known.session, session) ? respellAsNeeded(known, report, wireUid) : undefined;
  const adopted = context.routes.get(report.uid);
  if (adopted?.channel !== channel || !sameOwner(adopted.session, session)) return undefined;
  respellRoute(adopted, report.uid, wireUid);
  return adopted;
}

// The reply repeats the request's spelling: a legacy agent may change from 26 letters to 16 bytes.
function respellAsNeeded(route: AgentRoute, report: AgentReport, wireUid: Uint8Array): AgentRoute {
  if (Buffer.compare(route.wireUid, wireUid) !== 0) respellRoute(route, report.uid, wireUid);
  return route;
}

function sameOwner(a: Session, b: Session): boolean {
  if (a.tenant !== b.tenant || a.credential !== b.credential) return false;
  // With a renewed certificate an agent is still itself, but its session tells the handler that it has taken it.
  return a.scope === b.scope && a.fingerprint === b.fingerprint;
}
