import { MusterError } from '../../model/index.ts';

/** The error for a plan that is overtaken while it is made: `PLAN_STALE`. */
export function stalePlan(): MusterError {
  return new MusterError('PLAN_STALE', 'the revision in force changed while the plan was made', {
    disposition: 'transient',
    hint: 'It is planned again.',
  });
}
