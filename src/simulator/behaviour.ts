/** How a simulated agent takes an offer. */
export type Behaviour = 'apply' | 'fail' | 'drift' | 'wrong-config' | 'flap' | 'no-ack' | 'silent' | 'slow';

/** Every behaviour, for command lines and tests. */
export const behaviours = [
  'apply',
  'fail',
  'drift',
  'wrong-config',
  'flap',
  'no-ack',
  'silent',
  'slow',
] as const satisfies readonly Behaviour[];

/** What comes of one offer. */
export type Outcome =
  | {
      readonly kind: 'applied';
      readonly reports: 'as-offered' | 'drifted' | 'no-op';
      readonly flaps: boolean;
    }
  | { readonly kind: 'failed'; readonly message: string }
  /** It goes on, but never says what became of the offer. */
  | { readonly kind: 'unanswered' }
  | { readonly kind: 'silent' };

/** How many times longer than told a slow agent takes. */
export const slowFactor = 10;

/** What an agent of this behaviour makes of an offer; `refusal` is what its collector says where it does not start. */
export function decideOutcome(behaviour: Behaviour, refusal: string | undefined): Outcome {
  if (behaviour === 'silent') return { kind: 'silent' };
  if (behaviour === 'no-ack') return { kind: 'unanswered' };
  if (refusal !== undefined) return { kind: 'failed', message: refusal };
  if (behaviour === 'fail')
    return { kind: 'failed', message: 'Agent process PID=4711 exited unexpectedly, exit code=1' };
  const reports = behaviour === 'drift' ? 'drifted' : behaviour === 'wrong-config' ? 'no-op' : 'as-offered';
  return { kind: 'applied', reports, flaps: behaviour === 'flap' };
}
