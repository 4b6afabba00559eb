import type { EffectiveVerdict } from '../../model/index.ts';

/** The verdict for a report that says nothing that can be judged. */
export const unreadable: EffectiveVerdict = { verdict: 'unreadable', differences: [] };
