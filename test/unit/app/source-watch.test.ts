import { describe, expect, it } from 'vitest';
import { createSourceWatch } from '../../../src/app/source-watch.ts';
import type { PollState } from '../../../src/git-source/index.ts';
import { createManualClock } from '../../../src/runtime/index.ts';

function start() {
  const clock = createManualClock();
  const events: string[] = [];
  const watch = createSourceWatch({
    ...{ clock, everyMs: 30_000 },
    onEvent: ({ kind, message }) => void events.push(`${kind}: ${message}`),
  });
  const since = clock.now();
  const failing = (code: string): PollState => ({
    failingSince: since,
    error: { code, message: 'remote words', hint: '' },
  });
  return { clock, events, watch, failing };
}

describe('the source watch', () => {
  it('waits for three polls, and says it once', () => {
    const { clock, events, watch, failing } = start();
    for (let poll = 0; poll < 4; poll += 1) {
      watch(failing('GIT_UNREACHABLE'));
      expect(events).toEqual([]);
      clock.advance(30_000);
    }
    watch(failing('GIT_UNREACHABLE'));
    watch(failing('GIT_TIMEOUT'));
    expect(events).toEqual([
      'source-stalled: not read for longer than 3 polls (GIT_UNREACHABLE); what is in force stays',
    ]);
  });

  it('says at once that a revision is refused, also after the remote was away', () => {
    const { clock, events, watch, failing } = start();
    watch(failing('GIT_UNVERIFIED'));
    expect(events).toEqual([
      'source-stalled: a revision is refused (GIT_UNVERIFIED); what is in force stays',
    ]);
    clock.advance(200_000);
    watch(failing('GIT_UNREACHABLE'));
    expect(events).toHaveLength(2);
  });

  it('says that it is read again, where it said that it was not', () => {
    const { events, watch, failing } = start();
    watch(failing('GIT_UNREACHABLE'));
    watch({ lastSuccessAt: 1 });
    expect(events).toEqual([]);
    watch(failing('GIT_UNVERIFIED'));
    watch({ lastSuccessAt: 2 });
    watch({ lastSuccessAt: 3 });
    expect(events.slice(1)).toEqual(['source-recovered: it is read again']);
  });
});
