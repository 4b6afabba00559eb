import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { createManualClock, createSilentLogger } from '../../../src/runtime/index.ts';
import { createLinkKeeper } from '../../../src/workers/relays/keep-linked.ts';

/** Lets promises that are settled go on. */
const turn = () => new Promise((resolve) => setImmediate(resolve));

it('says so when what it is aimed at cannot be reached for some seconds, and links as soon as it can', async () => {
  const clock = createManualClock();
  const said: string[] = [];
  let reachable = false;
  let linked = 0;
  const keeper = createLinkKeeper<string>({
    relay: {
      attach: () => {
        linked += 1;
        return new Promise(() => {});
      },
    },
    open: async () => {
      if (!reachable) throw new Error('connect ECONNREFUSED');
      return new PassThrough();
    },
    isSame: (a, b) => a === b,
    clock,
    logger: { ...createSilentLogger(), warn: (_, message) => void said.push(message) },
  });
  keeper.aim('a');
  for (let tries = 0; tries < 39; tries += 1) {
    await turn();
    clock.advance(250);
  }
  expect(said).toEqual([]);
  await turn();
  expect(said).toEqual([expect.stringContaining('check its peer address')]);
  reachable = true;
  clock.advance(250);
  await turn();
  expect(linked).toBe(1);
  keeper.close();
});

it('drops the link when it is aimed elsewhere, and keeps it when it is aimed at the same', async () => {
  const opened: [target: string, stream: PassThrough][] = [];
  const keeper = createLinkKeeper<string>({
    relay: { attach: (stream) => new Promise((resolve) => stream.once('close', () => resolve())) },
    open: async (target) => {
      const stream = new PassThrough();
      opened.push([target, stream]);
      return stream;
    },
    isSame: (a, b) => a === b,
    clock: createManualClock(),
    logger: createSilentLogger(),
  });
  keeper.aim('a');
  await turn();
  keeper.aim('a');
  await turn();
  expect(opened.map(([target]) => target)).toEqual(['a']);
  keeper.aim('b');
  await turn();
  expect(opened.map(([target, { destroyed }]) => [target, destroyed])).toEqual([
    ['a', true],
    ['b', false],
  ]);
  keeper.aim(undefined);
  await turn();
  expect(opened[1]?.[1].destroyed).toBe(true);
});
