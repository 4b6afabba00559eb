import { describe, expect, it } from 'vitest';
import { createHostError } from '../../../src/commit-status/host-error.ts';
import { hostErrorCodes as codes } from '../../../src/commit-status/index.ts';
import { commitSha, MusterError } from '../../../src/model/index.ts';
import { sha1, startBench, status } from './outbox-bench.ts';

const minute = 60_000;
const hour = 60 * minute;
const texts = (writes: readonly { readonly description: string }[]) =>
  writes.map(({ description }) => description);

describe('what is written', () => {
  it('is the same thing once', async () => {
    const bench = await startBench();
    for (let round = 0; round < 3; round += 1) {
      bench.outbox.submit([status(), status({ context: 'muster/acme' })]);
      await bench.time.travel(minute);
    }
    await bench.restart();
    bench.outbox.submit([status()]);
    await bench.time.travel(minute);
    expect(bench.writes.map(({ context }) => context)).toEqual(['muster/fleet', 'muster/acme']);
  });

  it('is the latest text, at the pace of a pending status, and the verdict at once', async () => {
    const bench = await startBench();
    for (let second = 0; second < 100; second += 1) {
      bench.outbox.submit([status({ description: `rolling out: ${second}/100 applied` })]);
      await bench.time.travel(1_000);
    }
    bench.outbox.submit([status({ state: 'success', description: '100/100 applied and healthy' })]);
    await bench.time.quiet();
    expect(bench.writes.map(({ at }) => at)).toEqual([0, 30, 60, 90, 100]);
    expect(texts(bench.writes)[1]).toBe('rolling out: 29/100 applied');
    expect(bench.writes.at(-1)?.description).toBe('100/100 applied and healthy');
  });

  it('slows down to one text in two, then ten minutes', async () => {
    const bench = await startBench();
    const ticks = 3 * 60 * 6;
    for (let tick = 0; tick < ticks; tick += 1) {
      bench.outbox.submit([status({ description: `${tick}` })]);
      await bench.time.travel(10_000, 10_000);
    }
    const gaps = bench.writes.slice(1).map(({ at }, index) => at - (bench.writes[index]?.at ?? 0));
    expect([...new Set(gaps)]).toEqual([30, 120, 600]);
    expect(gaps.filter((gap) => gap === 30)).toHaveLength(19);
  });

  it('keeps its pace over a restart and a clock that jumps', async () => {
    const bench = await startBench();
    bench.outbox.submit([status({ description: 'a' })]);
    await bench.time.travel(10_000);
    bench.time.clock.jump(-hour);
    await bench.restart();
    bench.outbox.submit([status({ description: 'b' })]);
    await bench.time.travel(29_000);
    expect(texts(bench.writes)).toEqual(['a']);
    await bench.time.travel(2_000);
    expect(texts(bench.writes)).toEqual(['a', 'b']);
  });

  it('is nothing when the text comes back to what stands', async () => {
    const bench = await startBench();
    for (const description of ['a', 'b', 'a']) {
      bench.outbox.submit([status({ description })]);
      await bench.time.travel(1_000);
    }
    await bench.time.travel(minute);
    expect(texts(bench.writes)).toEqual(['a']);
    expect(bench.outbox.state().destinations[0]?.outstanding).toBe(0);
  });

  it('is no second verdict, but for a wrong config or a new attempt', async () => {
    const bench = await startBench();
    const success = status({ state: 'success', description: 'done' });
    bench.outbox.submit([success]);
    await bench.time.quiet();
    bench.outbox.submit([status({ state: 'failure', description: 'ill' })]);
    await bench.time.quiet();
    bench.outbox.submit([status({ state: 'failure', description: 'wrong', cause: 'wrong-config' })]);
    await bench.time.quiet();
    await bench.restart();
    bench.outbox.submit([success]);
    await bench.time.quiet();
    bench.outbox.submit([status({ description: 'again', attempt: 1 })]);
    await bench.time.quiet();
    expect(texts(bench.writes)).toEqual(['done', 'wrong', 'again']);
    expect(bench.outbox.statuses(sha1)[0]?.status.description).toBe('again');
  });

  it('leaves the last tenth of a context to verdicts', async () => {
    const bench = await startBench({ limits: { recordsPerContext: 10 } });
    for (let index = 0; index < 30; index += 1) {
      bench.outbox.submit([status({ description: `${index}` })]);
      await bench.time.travel(10 * minute, minute);
    }
    expect(bench.writes).toHaveLength(9);
    bench.outbox.submit([status({ state: 'failure', description: 'verdict' })]);
    await bench.time.quiet();
    expect(bench.writes.at(-1)?.description).toBe('verdict');
  });
});

describe('limits of a destination', () => {
  it('space writes, oldest first', async () => {
    const bench = await startBench({ limits: { minIntervalMs: 1_000 } });
    bench.outbox.submit(['a', 'b', 'c'].map((name) => status({ context: `muster/${name}` })));
    await bench.time.travel(5_000);
    expect(bench.writes.map(({ context, at }) => [context, at])).toEqual([
      ['muster/a', 0],
      ['muster/b', 1],
      ['muster/c', 2],
    ]);
  });

  it('keep a fifth of the hour for verdicts', async () => {
    const bench = await startBench({ limits: { writesPerHour: 10 } });
    bench.outbox.submit(Array.from({ length: 20 }, (_, index) => status({ context: `muster/t${index}` })));
    await bench.time.travel(minute);
    expect(bench.writes).toHaveLength(8);
    bench.outbox.submit([status({ context: 'muster/t19', state: 'failure', description: 'x' })]);
    await bench.time.quiet();
    expect(bench.writes.at(-1)).toMatchObject({ context: 'muster/t19', state: 'failure' });
    await bench.time.travel(2 * hour, minute);
    expect(bench.writes).toHaveLength(20);
  });
});

describe('failures', () => {
  const error = (code: keyof typeof codes, retryAfterMs?: number) =>
    createHostError(codes[code], 'no', retryAfterMs);

  it('back off while the host is away, then drain in order with the latest texts', async () => {
    const bench = await startBench();
    bench.fail = () => error('unreachable');
    let tries = 0;
    const fail = bench.fail;
    bench.fail = (item) => {
      tries += 1;
      return fail(item);
    };
    for (let round = 0; round < 60; round += 1) {
      bench.outbox.submit([
        status({ description: `${round}` }),
        status({ context: 'muster/acme', description: `${round}` }),
      ]);
      await bench.time.travel(minute, 10_000);
    }
    expect(tries).toBeLessThan(60);
    const [state] = bench.outbox.state().destinations;
    expect(state).toMatchObject({ status: 'retrying', outstanding: 2, problem: { code: codes.unreachable } });
    bench.outbox.submit([status({ state: 'success', description: 'done' })]);
    bench.fail = undefined;
    await bench.time.travel(3 * minute);
    expect(bench.writes.map(({ context, description }) => [context, description])).toEqual([
      ['muster/fleet', 'done'],
      ['muster/acme', '59'],
    ]);
    expect(bench.outbox.state().destinations[0]).toMatchObject({
      status: 'ok',
      outstanding: 0,
      problem: undefined,
    });
  });

  it('wait as long as the host asks', async () => {
    const bench = await startBench();
    bench.fail = () => error('throttled', 17 * minute);
    bench.outbox.submit([status()]);
    await bench.time.quiet();
    bench.fail = undefined;
    expect(bench.outbox.state().destinations[0]).toMatchObject({ status: 'waiting' });
    await bench.time.travel(17 * minute - 1_000, minute);
    expect(bench.writes).toHaveLength(0);
    await bench.time.travel(2_000);
    expect(bench.writes).toHaveLength(1);
  });

  it('wait a minute, then longer, where the host does not say how long', async () => {
    const bench = await startBench();
    const tries: number[] = [];
    bench.fail = () => {
      tries.push(bench.seconds());
      return error('throttled');
    };
    bench.outbox.submit([status()]);
    await bench.time.travel(8 * minute);
    expect(tries).toEqual([0, 60, 180, 420]);
  });

  it('stall at a refused token: seldom tried, told, mended without a restart', async () => {
    const bench = await startBench();
    let tries = 0;
    bench.fail = () => {
      tries += 1;
      return error('unauthorized');
    };
    bench.outbox.submit([status(), status({ context: 'muster/acme' })]);
    await bench.time.travel(hour, minute);
    expect(tries).toBe(5);
    expect(bench.outbox.state().destinations[0]).toMatchObject({
      status: 'stalled',
      outstanding: 2,
      problem: { code: codes.unauthorized, hint: expect.stringContaining('status.token') },
    });
    bench.fail = undefined;
    await bench.time.travel(15 * minute, minute);
    expect(bench.writes).toHaveLength(2);
  });

  it('try a commit that is not there yet for a minute, and hold nobody else up', async () => {
    const bench = await startBench();
    bench.fail = ({ context }) => (context === 'muster/fleet' ? error('notFound') : undefined);
    bench.outbox.submit([status(), status({ context: 'muster/acme' })]);
    await bench.time.travel(30_000);
    expect(bench.writes.map(({ context }) => context)).toEqual(['muster/acme']);
    bench.fail = undefined;
    await bench.time.travel(30_000);
    expect(bench.writes.map(({ context }) => context)).toEqual(['muster/acme', 'muster/fleet']);
  });

  it('do not repeat what the host will never take, until its text changes', async () => {
    const bench = await startBench();
    let tries = 0;
    bench.fail = () => {
      tries += 1;
      return error('rejected');
    };
    bench.outbox.submit([status()]);
    await bench.time.travel(2 * hour, minute);
    expect(tries).toBe(1);
    expect(bench.outbox.state().destinations[0]).toMatchObject({
      status: 'stalled',
      outstanding: 1,
      rejected: 1,
      problem: { code: codes.rejected, retryAt: undefined },
    });
    bench.fail = undefined;
    bench.outbox.submit([status({ description: 'b' })]);
    await bench.time.quiet();
    expect(texts(bench.writes)).toEqual(['b']);
  });

  it('of one item do not hold up the others, nor does an error that is none of ours', async () => {
    const bench = await startBench();
    bench.fail = ({ context }) => (context === 'muster/fleet' ? new TypeError('secret-canary') : undefined);
    bench.outbox.submit([status(), status({ context: 'muster/acme' })]);
    await bench.time.travel(10_000);
    expect(bench.writes.map(({ context }) => context)).toEqual(['muster/acme']);
    expect(JSON.stringify(bench.outbox.state())).not.toContain('canary');
  });

  it('of one item alone do not starve what comes later', async () => {
    const bench = await startBench();
    bench.fail = ({ context }) => (context === 'muster/fleet' ? error('hostFault') : undefined);
    bench.outbox.submit([status()]);
    await bench.time.travel(hour, minute);
    bench.outbox.submit([status({ context: 'muster/acme' })]);
    await bench.time.travel(5 * minute, 10_000);
    expect(bench.writes.map(({ context }) => context)).toEqual(['muster/acme']);
  });

  it('of every item slow the whole destination down', async () => {
    const bench = await startBench();
    let tries = 0;
    bench.fail = () => {
      tries += 1;
      return error('hostFault');
    };
    bench.outbox.submit(Array.from({ length: 50 }, (_, index) => status({ context: `muster/t${index}` })));
    await bench.time.travel(hour, 10_000);
    expect(tries).toBeLessThan(60);
    bench.fail = undefined;
    await bench.time.travel(10 * minute);
    expect(bench.writes).toHaveLength(50);
  });
});

describe('the store', () => {
  it('brings back what was owed, in order, and what was delivered', async () => {
    const bench = await startBench();
    bench.outbox.submit([status({ context: 'muster/a' })]);
    await bench.time.quiet();
    bench.fail = () => createHostError(codes.unreachable, 'no');
    bench.outbox.submit([
      status({ context: 'muster/b' }),
      status({ context: 'muster/c' }),
      status({ context: 'muster/a' }),
    ]);
    await bench.time.quiet();
    bench.fail = undefined;
    await bench.restart();
    expect(bench.writes.map(({ context }) => context)).toEqual(['muster/a', 'muster/b', 'muster/c']);
  });

  it('may fail: statuses go on from memory, and are stored later', async () => {
    const bench = await startBench();
    bench.store.failWith(Object.assign(new Error('/secret/path'), { code: 'ENOSPC' }));
    bench.outbox.submit([status()]);
    await bench.time.quiet();
    expect(bench.writes).toHaveLength(1);
    expect(bench.outbox.state().store).toBe('failing');
    bench.store.failWith(undefined);
    await bench.time.travel(10_000);
    expect(bench.outbox.state().store).toBe('ok');
    await bench.restart();
    bench.outbox.submit([status()]);
    await bench.time.travel(minute);
    expect(bench.writes).toHaveLength(1);
  });

  it('holds a status before the host is told of it', async () => {
    const bench = await startBench();
    bench.fail = () => {
      expect([...bench.store.items.keys()]).toEqual([`${sha1} muster/fleet`]);
      return undefined;
    };
    bench.outbox.submit([status()]);
    await bench.time.quiet();
    expect(bench.writes).toHaveLength(1);
  });

  it('may hold what nobody understands', async () => {
    const bench = await startBench();
    await bench.store.put({ key: 'x', value: { version: 99 } });
    await bench.store.put({ key: 'y', value: null });
    await bench.restart();
    bench.outbox.submit([status()]);
    await bench.time.quiet();
    expect(bench.writes).toHaveLength(1);
  });

  it('is bounded: delivered ones go first, then pending ones, and that is told', async () => {
    const bench = await startBench({ maxEntries: 3 });
    bench.outbox.submit([status({ context: 'muster/old' })]);
    await bench.time.quiet();
    bench.fail = () => createHostError(codes.unreachable, 'no');
    bench.outbox.submit([status({ context: 'muster/a' }), status({ context: 'muster/b', state: 'failure' })]);
    bench.outbox.submit([status({ context: 'muster/c' })]);
    expect(bench.outbox.state().dropped).toBe(0);
    bench.outbox.submit([status({ context: 'muster/d' })]);
    expect(bench.outbox.state().dropped).toBe(1);
    bench.fail = undefined;
    await bench.time.travel(3 * minute);
    expect(bench.writes.map(({ context }) => context)).toEqual([
      'muster/old',
      'muster/b',
      'muster/c',
      'muster/d',
    ]);
    expect([...bench.store.items.keys()]).toHaveLength(3);
  });
});

describe('what it tells', () => {
  it('is what stands, when it was posted and what is queued', async () => {
    const bench = await startBench();
    bench.outbox.submit([status()]);
    await bench.time.quiet();
    bench.fail = () => new MusterError('X', 'no', { disposition: 'stalled' });
    bench.outbox.submit([status({ context: 'muster/acme' })]);
    await bench.time.quiet();
    expect(bench.outbox.statuses(sha1)).toEqual([
      { status: status(), postedAt: Date.UTC(2026, 0, 1), queued: false },
      { status: status({ context: 'muster/acme' }), postedAt: undefined, queued: true },
    ]);
    expect(bench.outbox.statuses(commitSha('2'.repeat(40)))).toEqual([]);
  });

  it('is also remembered where no Git host is configured', async () => {
    const bench = await startBench();
    const { createOutbox } = await import('../../../src/commit-status/index.ts');
    const { clock } = bench.time;
    const logger = { debug() {}, info() {}, warn() {}, error() {}, child: () => logger };
    const outbox = createOutbox({
      store: bench.store,
      reporters: [],
      clock,
      random: () => 0,
      breathe: async () => {},
      logger,
    });
    await outbox.start();
    outbox.submit([status({ state: 'success' })]);
    expect(outbox.statuses(sha1)[0]?.status.state).toBe('success');
    expect(outbox.statuses(sha1)[0]?.queued).toBe(false);
    await outbox.close();
  });
});
