import type {
  AttentionKind,
  Delivery,
  Health,
  RolloutView,
  StatusState,
  Sync,
} from '../../src/model/index.ts';

export type Tone = 'ok' | 'go' | 'warn' | 'bad' | 'alarm' | 'hold' | 'none';

/** How a state looks: hue last, after icon and word. */
export interface Look {
  readonly tone: Tone;
  readonly icon: string;
  readonly word: string;
}

export const syncLooks: Readonly<Record<Sync, Look>> = {
  Synced: { tone: 'ok', icon: 'synced', word: 'Synced' },
  OutOfSync: { tone: 'warn', icon: 'outofsync', word: 'OutOfSync' },
  Unknown: { tone: 'none', icon: 'syncunknown', word: 'Unknown' },
};

export const healthLooks: Readonly<Record<Health, Look>> = {
  Healthy: { tone: 'ok', icon: 'healthy', word: 'Healthy' },
  Progressing: { tone: 'go', icon: 'progressing', word: 'Progressing' },
  Degraded: { tone: 'bad', icon: 'degraded', word: 'Degraded' },
  Missing: { tone: 'none', icon: 'missing', word: 'Missing' },
  Unknown: { tone: 'none', icon: 'hunknown', word: 'Unknown' },
};

export const connectedLooks = {
  yes: { tone: 'ok', icon: 'connected', word: 'Yes' },
  no: { tone: 'none', icon: 'offline', word: 'No' },
} as const satisfies Readonly<Record<'yes' | 'no', Look>>;

export const deliveryLooks: Readonly<Record<Delivery, Look>> = {
  applied: { tone: 'ok', icon: 'success', word: 'applied' },
  applying: { tone: 'go', icon: 'applying', word: 'applying' },
  offered: { tone: 'go', icon: 'offered', word: 'offered' },
  pending: { tone: 'go', icon: 'pending', word: 'pending' },
  held: { tone: 'hold', icon: 'held', word: 'held' },
  failed: { tone: 'bad', icon: 'failure', word: 'failed' },
  conflict: { tone: 'warn', icon: 'conflict', word: 'conflict' },
  unacknowledged: { tone: 'warn', icon: 'offered', word: 'unacknowledged' },
  unsupported: { tone: 'none', icon: 'offline', word: 'unsupported' },
  unmanaged: { tone: 'none', icon: 'file', word: 'unmanaged' },
  orphaned: { tone: 'none', icon: 'file', word: 'orphaned' },
};

export const statusLooks: Readonly<Record<StatusState, Look>> = {
  success: { tone: 'ok', icon: 'success', word: 'success' },
  pending: { tone: 'go', icon: 'pending', word: 'pending' },
  failure: { tone: 'bad', icon: 'failure', word: 'failure' },
  error: { tone: 'bad', icon: 'error', word: 'error' },
};

export const attentionLooks: Readonly<Record<AttentionKind, Look>> = {
  wrongConfig: { tone: 'alarm', icon: 'wrong', word: 'Wrong config' },
  rolledBack: { tone: 'bad', icon: 'back', word: 'Rolled back' },
  failed: { tone: 'bad', icon: 'failure', word: 'Failed' },
  problem: { tone: 'bad', icon: 'error', word: 'Problem' },
  held: { tone: 'hold', icon: 'held', word: 'Held' },
  conflict: { tone: 'warn', icon: 'conflict', word: 'Conflict' },
  drift: { tone: 'warn', icon: 'outofsync', word: 'Drift' },
  unacknowledged: { tone: 'warn', icon: 'offered', word: 'No answer' },
  claimedTwice: { tone: 'warn', icon: 'conflict', word: 'Claimed twice' },
};

/** How a rollout stands, in one word. */
export function rolloutLook({
  phase,
  paused,
  pinned,
}: Pick<RolloutView, 'phase' | 'paused' | 'pinned'>): Look {
  if (pinned) return { tone: 'hold', icon: 'held', word: 'Pinned' };
  if (paused !== null && phase === 'running') return { tone: 'hold', icon: 'pause', word: 'Paused' };
  switch (phase) {
    case 'running':
      return { tone: 'go', icon: 'roll', word: 'In progress' };
    case 'blocked':
      return { tone: 'hold', icon: 'held', word: 'Blocked' };
    case 'passed':
      return { tone: 'ok', icon: 'success', word: 'Passed' };
    case 'failed':
      return { tone: 'bad', icon: 'failure', word: 'Failed' };
    case 'rolled-back':
      return { tone: 'bad', icon: 'back', word: 'Rolled back' };
    case 'aborted':
      return { tone: 'bad', icon: 'abort', word: 'Aborted' };
  }
}
