import { describe, expect, it } from 'vitest';
import { createLoop, type Step } from '../../../src/reconciler/loop.ts';
import { createManualClock, createSilentLogger } from '../../../src/runtime/index.ts';

interface Context {
  readonly reasons: readonly string[];
}

function loopOf(steps: readonly Step<Context>[], mayRun: () => boolean = () => true) {
  const passes: (readonly string[])[] = [];
  const outcomes: boolean[] = [];
  const loop = createLoop<Context>({
    steps,
    createContext: (reasons) => {
      passes.push(reasons);
      return { reasons };
    },
    clock: createManualClock(),
    logger: createSilentLogger(),
    pause: () => Promise.resolve(),
    mayRun,
    onPass: (_milliseconds, failed) => void outcomes.push(failed),
  });
  return { loop, passes, outcomes };
}

describe('the loop', () => {
  it('keeps what is asked for until it may run', async () => {
    const gate = { open: false };
    const { loop, passes } = loopOf([], () => gate.open);
    loop.request('revision');
    await loop.idle();
    expect(passes).toEqual([]);
    gate.open = true;
    loop.request('tick');
    await loop.idle();
    expect(passes).toEqual([['revision', 'tick']]);
  });

  it('runs requests that come together as one pass, and those that come meanwhile as one more', async () => {
    let release = () => {};
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    const { loop, passes } = loopOf([{ name: 'wait', run: () => gate }]);
    loop.request('a');
    loop.request('b');
    await Promise.resolve();
    loop.request('c');
    loop.request('c');
    loop.request('d');
    release();
    await loop.idle();
    expect(passes).toEqual([
      ['a', 'b'],
      ['c', 'd'],
    ]);
  });

  it('skips to the steps that always run when one fails, and goes on with the next pass', async () => {
    const ran: string[] = [];
    const { loop, outcomes } = loopOf([
      {
        name: 'breaks',
        run: ({ reasons }) => {
          if (reasons.includes('bad')) throw new Error('no');
        },
      },
      { name: 'skipped', run: () => void ran.push('skipped') },
      { name: 'status', always: true, run: () => void ran.push('status') },
    ]);
    loop.request('bad');
    await loop.idle();
    expect(ran).toEqual(['status']);
    loop.request('good');
    await loop.idle();
    expect(ran).toEqual(['status', 'skipped', 'status']);
    expect(outcomes).toEqual([true, false]);
  });

  it('takes nothing after stop', async () => {
    const { loop, passes } = loopOf([]);
    await loop.stop();
    loop.request('late');
    await loop.idle();
    expect(passes).toEqual([]);
  });
});
