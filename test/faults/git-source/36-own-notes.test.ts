import { describe, expect, it } from 'vitest';
import { createPoller } from '../../../src/git-source/index.ts';
import { createManualClock, createSilentLogger } from '../../../src/runtime/index.ts';
import { eventually } from '../../support/eventually.ts';
import { makeGitFixture } from '../../support/git-fixture.ts';

const never = new AbortController().signal;

describe('36 our own notes', () => {
  it('never make a poller hand over a revision, nor read anything', async () => {
    await using fixture = await makeGitFixture();
    const source = fixture.open();
    const clock = createManualClock();
    const taken: string[] = [];
    const poller = createPoller(
      {
        source,
        clock,
        random: () => 0,
        logger: createSilentLogger(),
        known: () => false,
        onRevision: ({ revision }) => void taken.push(revision),
        onState() {},
      },
      { everyMs: 1_000, jitter: 0, backoff: { initialMs: 1_000, maxMs: 1_000 } },
    );
    poller.tick();
    const revision = await eventually(() => poller.state().revision);
    await source.writeNote('refs/notes/muster', revision, Buffer.from('{"n":1}'), 'Note', never);
    fixture.server.requests.length = 0;
    for (let poll = 1; poll <= 3; poll++) {
      clock.advance(1_000);
      poller.tick();
      await eventually(() => poller.state().lastSuccessAt === clock.now());
      await source.writeNote('refs/notes/muster', revision, Buffer.from(`{"n":${poll}}`), 'Note', never);
    }
    expect(taken).toEqual([revision]);
    const transfers = fixture.server.requests.filter(({ url }) => url.includes('service=git-upload-pack'));
    expect(transfers).toEqual([]);
    await poller.close();
  });
});
