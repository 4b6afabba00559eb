import type { FleetActs } from '../http-api/index.ts';
import { MusterError } from '../model/index.ts';

/**
 * The call, refused with `NOT_LEADING` (transient) while another process might lead: the outbox keeps what it was to
 * send, and tries again.
 */
export function onlyWhileLeading<Arguments extends unknown[], Result>(
  leads: () => boolean,
  call: (...args: Arguments) => Promise<Result>,
): (...args: Arguments) => Promise<Result> {
  return async (...args) => {
    if (leads()) return call(...args);
    throw notLeading();
  };
}

/** Acts of operators that are refused instead of lost where another process might lead; what only reads stays. */
export function actsWhileLeading(acts: FleetActs, leads: () => boolean): FleetActs {
  const { pendingAgents, rollouts, ...others } = acts;
  return { ...refusing(others, leads), rollouts: refusing(rollouts, leads), pendingAgents };
}

function refusing<Acts extends object>(acts: Acts, leads: () => boolean): Acts {
  const guarded = Object.entries(acts).map(([name, act]) => [
    name,
    (...args: unknown[]) => {
      if (!leads()) throw notLeading();
      return (act as (...args: unknown[]) => unknown)(...args);
    },
  ]);
  return Object.fromEntries(guarded) as Acts;
}

function notLeading(): MusterError {
  return new MusterError('NOT_LEADING', 'the store cannot be reached, and another replica may lead', {
    disposition: 'transient',
    hint: 'Nothing to do: it goes on when PostgreSQL is back.',
  });
}
