import type {
  ConnectionOffer,
  CustomMessage,
  InstanceUid,
  PackagesOffer,
  RenderedConfig,
} from '../model/index.ts';
import type { ReplyError } from './ports.ts';

/** What an agent has yet to be sent: of each kind the newest, which replaces any before it (C-TR-19). */
export interface Pending {
  config?: RenderedConfig | undefined;
  connection?: ConnectionOffer | undefined;
  packages?: PackagesOffer | undefined;
  customMessage?: CustomMessage | undefined;
  error?: ReplyError | undefined;
  newUid?: InstanceUid | undefined;
  reportFullState?: boolean | undefined;
  reportAvailableComponents?: boolean | undefined;
  restart?: boolean | undefined;
}

/** Whatever has something waiting. */
interface Waiting {
  pending: Pending | undefined;
}

/** What waits for the agent, to be added to; most agents have nothing, and then no object either. */
export function pendingOf(route: Waiting): Pending {
  route.pending ??= nothingPending();
  return route.pending;
}

/** Takes one kind out of what waits for the agent. */
export function takePending<K extends keyof Pending>(route: Waiting, kind: K): Pending[K] | undefined {
  const { pending } = route;
  const value = pending?.[kind];
  if (!pending || value === undefined) return undefined;
  pending[kind] = undefined;
  if (isEmpty(pending)) route.pending = undefined;
  return value;
}

/** With every member from the start: objects of one shape are read several times as fast. */
function nothingPending(): Pending {
  return {
    config: undefined,
    connection: undefined,
    packages: undefined,
    customMessage: undefined,
    error: undefined,
    newUid: undefined,
    reportFullState: undefined,
    reportAvailableComponents: undefined,
    restart: undefined,
  };
}

function isEmpty(pending: Pending): boolean {
  for (const kind in pending) if (pending[kind as keyof Pending] !== undefined) return false;
  return true;
}
