import type { StatusState } from '../model/index.ts';

/** A state with the sentence that goes with it. */
export interface Verdict {
  readonly state: StatusState;
  readonly text: string;
  readonly cause?: 'wrong-config';
}
