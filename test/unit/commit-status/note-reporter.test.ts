import { describe, expect, it } from 'vitest';
import { createNoteReporter, type WriteNote } from '../../../src/commit-status/index.ts';
import { commitSha, type FleetReport, MusterError, type StatusState } from '../../../src/model/index.ts';
import { startBench } from './outbox-bench.ts';
import { counts } from './summaries.ts';

const minute = 60_000;

interface Note {
  readonly ref: string;
  readonly sha: string;
  readonly body: string;
}

function notebook() {
  const notes: Note[] = [];
  let failure: Error | undefined;
  let tries = 0;
  const writeNote: WriteNote = async (ref, sha, body) => {
    tries += 1;
    if (failure) throw failure;
    notes.push({ ref, sha, body: new TextDecoder().decode(body) });
  };
  const failWith = (error: Error | undefined) => {
    failure = error;
  };
  return { notes, writeNote, failWith, tries: () => tries };
}

function report(
  digit: number,
  state: StatusState = 'success',
  observedAt = '2026-11-22T11:00:00Z',
): FleetReport {
  const revision = commitSha(String(digit).repeat(40));
  return { version: 1, revision, state, observedAt, tenants: {}, agents: [], effectiveConfigs: {} };
}

describe('the note of a revision', () => {
  it('is the report, under the ref of the instance', async () => {
    const book = notebook();
    const bench = await startBench({ notes: createNoteReporter(book, { instance: 'eu-1' }) });
    bench.outbox.submitReport(report(1));
    await bench.time.quiet();
    expect(book.notes).toEqual([
      { ref: 'refs/notes/muster-eu-1', sha: '1'.repeat(40), body: expect.any(String) },
    ]);
    expect(JSON.parse(book.notes[0]?.body ?? '')).toEqual(report(1));
  });

  it('is written once for the same content, over a restart too', async () => {
    const book = notebook();
    const bench = await startBench({ notes: createNoteReporter(book) });
    bench.outbox.submitReport(report(1));
    await bench.time.travel(minute);
    bench.outbox.submitReport(report(1, 'success', '2026-11-22T12:00:00Z'));
    await bench.restart();
    bench.outbox.submitReport(report(1, 'success', '2026-11-22T13:00:00Z'));
    await bench.time.travel(minute);
    expect(book.notes).toHaveLength(1);
    expect([...bench.store.items.values()].join()).not.toContain('observedAt');
  });

  it('is pushed at most every 30 s, the latest report of a commit only', async () => {
    const book = notebook();
    const bench = await startBench({ notes: createNoteReporter(book) });
    bench.outbox.submitReport(report(1));
    await bench.time.quiet();
    bench.outbox.submitReport(report(2, 'pending'));
    bench.outbox.submitReport(report(2, 'failure'));
    await bench.time.travel(29_000);
    expect(book.notes).toHaveLength(1);
    await bench.time.travel(1_000);
    expect(book.notes.map(({ body }) => (JSON.parse(body) as FleetReport).state)).toEqual([
      'success',
      'failure',
    ]);
  });

  it('is tried again after an hour where the push is refused, and holds up no status', async () => {
    const book = notebook();
    book.failWith(new MusterError('GIT_PUSH_REFUSED', 'remote rejected', { disposition: 'stalled' }));
    const bench = await startBench({ notes: createNoteReporter(book) });
    bench.outbox.submitReport(report(1));
    await bench.time.travel(59 * minute, minute);
    expect(book.tries()).toBe(1);
    expect(bench.outbox.state().destinations[1]).toMatchObject({
      name: 'notes',
      status: 'stalled',
      outstanding: 1,
    });
    book.failWith(undefined);
    await bench.restart();
    expect(book.notes).toHaveLength(1);
  });

  it('names failures by class, without what the agents have quoted', async () => {
    const book = notebook();
    const bench = await startBench({ notes: createNoteReporter(book) });
    const failures = [
      { uid: 'a', host: 'web-17', reason: 'exit code 1: headers: CANARY' },
      { uid: 'b', host: 'web CANARY:', reason: 'CANARY' },
    ];
    const acme = { state: 'failure' as const, agents: counts({ failed: 2 }), failures };
    bench.outbox.submitReport({ ...report(1, 'failure'), tenants: { acme } });
    await bench.time.quiet();
    const { tenants } = JSON.parse(book.notes[0]?.body ?? '') as FleetReport;
    expect(tenants.acme?.failures).toEqual([
      { uid: 'a', host: 'web-17', reason: 'exit code 1' },
      { uid: 'b', host: 'webCANARY', reason: 'failed' },
    ]);
  });

  it('is refused for an instance that no ref can be named for', () => {
    for (const instance of ['a b', '../x', 'a..b', 'x'.repeat(41)])
      expect(() => createNoteReporter(notebook(), { instance })).toThrow(MusterError);
  });

  it('that can never be written does not keep the others from being written', async () => {
    const book = notebook();
    const writeNote: WriteNote = async (ref, sha, ...rest) => {
      if (sha.startsWith('1'))
        throw new MusterError('GIT_COMMIT_MISSING', 'gone', { disposition: 'transient' });
      await book.writeNote(ref, sha, ...rest);
    };
    const bench = await startBench({ notes: createNoteReporter({ writeNote }) });
    bench.outbox.submitReport(report(1));
    await bench.time.travel(60 * minute, minute);
    bench.outbox.submitReport(report(2));
    await bench.time.travel(10 * minute, minute);
    expect(book.notes.map(({ sha }) => sha[0])).toEqual(['2']);
  });

  it('is bounded while it cannot be written', async () => {
    const book = notebook();
    book.failWith(new MusterError('GIT_PUSH_REFUSED', 'remote rejected', { disposition: 'stalled' }));
    const bench = await startBench({ notes: createNoteReporter(book), maxNotes: 2 });
    for (const digit of [1, 2, 3, 4]) bench.outbox.submitReport(report(digit));
    await bench.time.quiet();
    expect(bench.outbox.state()).toMatchObject({ dropped: 2 });
    expect(bench.store.items.size).toBe(2);
  });

  it('is not kept for anyone where notes are off', async () => {
    const bench = await startBench();
    bench.outbox.submitReport(report(1));
    await bench.time.quiet();
    expect(bench.store.items.size).toBe(0);
  });
});
