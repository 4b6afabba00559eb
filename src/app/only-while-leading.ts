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
    throw new MusterError('NOT_LEADING', 'the store cannot be reached, and another replica may lead', {
      disposition: 'transient',
      hint: 'Nothing to do: it goes on when PostgreSQL is back.',
    });
  };
}
