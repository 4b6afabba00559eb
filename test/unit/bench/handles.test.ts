import { expect, it } from 'vitest';

const { handlesAtRest, leftOver } = (await import(
  new URL('../../../bench/harness/handles.mjs', import.meta.url).href
)) as {
  handlesAtRest(look: () => Promise<Counts>, wait: () => Promise<void>): Promise<Counts>;
  leftOver(before: Counts, after: Counts): Counts;
};
type Counts = Readonly<Record<string, number>>;

it('counts handles that stay, and not what is at work at one look or the other', async () => {
  let looks = 0;
  const look = async () => {
    looks += 1;
    const isOdd = looks % 2 === 1;
    return {
      TCPSocketWrap: 500,
      Timeout: isOdd ? 2 : 3,
      MessagePort: isOdd ? 2 : 1,
      ...(isOdd && { Immediate: 1 }),
    };
  };
  const before = await handlesAtRest(look, async () => {});
  expect(before).toEqual({ TCPSocketWrap: 500, Timeout: 2, MessagePort: 1, Immediate: 0 });
  expect(looks).toBeGreaterThan(20);
  expect(leftOver(before, await handlesAtRest(look, async () => {}))).toEqual({});
  const leaking = async () => ({ ...(await look()), Timeout: 5, FSReqPromise: 1 });
  expect(leftOver(before, await handlesAtRest(leaking, async () => {}))).toEqual({
    Timeout: 3,
    FSReqPromise: 1,
  });
});
