import { expect, it } from 'vitest';
import { readEvery } from '../../../src/cli/read-every.ts';
import { MusterError } from '../../../src/model/index.ts';

const away = new MusterError('API_UNREACHABLE', 'no answer from http://muster', { disposition: 'transient' });
const refused = new MusterError('API_REFUSED', 'the server answered 403', { disposition: 'stalled' });

/** Reads what these say in turn until they are through; two times without an answer are borne. */
async function watch(turns: readonly (string | Error)[]) {
  const ending = new AbortController();
  const told: string[] = [];
  const seen: string[] = [];
  const left = [...turns];
  const read = async () => {
    const turn = left.shift();
    if (left.length === 0) ending.abort();
    if (turn instanceof Error) throw turn;
    return turn ?? '';
  };
  const console = { err: (text: string) => void told.push(text), signal: ending.signal };
  const ended = (async () => {
    for await (const one of readEvery(console, 1, read, 2)) seen.push(one);
  })();
  const failure = await ended.catch((error: Error) => error);
  return { seen, told, failure };
}

it('goes on over a server that comes back, and says once that it was away', async () => {
  const { seen, told, failure } = await watch(['a', away, away, 'b', away, 'c']);
  expect(seen).toEqual(['a', 'b', 'c']);
  expect(told).toEqual(Array(2).fill('no answer from http://muster; it is asked again\n'));
  expect(failure).toBeUndefined();
});

it.each([
  ['was never there', [away, 'a']],
  ['stays away', ['a', away, away, away, 'b']],
  ['refuses', ['a', refused, 'b']],
  ['gives way to a fault of our own', ['a', new TypeError('x'), 'b']],
])('ends with the error where the server %s', async (_, turns) => {
  expect((await watch(turns)).failure).toBeInstanceOf(Error);
});
