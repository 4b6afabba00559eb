import type { Leadership } from './ports.ts';

/** Times in which this process might not decide. */
export interface Lapse extends Leadership {
  /** Whether one has ended since this was asked last: whoever was left alone in it has to be decided for. */
  takeEnded(): boolean;
}

/** Notes every time that `leadership` says no. */
export function createLapse(leadership: Leadership): Lapse {
  let lapsed = false;

  function leads(): boolean {
    const now = leadership.leads();
    lapsed ||= !now;
    return now;
  }

  return {
    leads,
    takeEnded() {
      if (!leads() || !lapsed) return false;
      lapsed = false;
      return true;
    },
  };
}
