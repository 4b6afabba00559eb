import { describe, expect, it } from 'vitest';
import { makeGitFixture, textOf } from '../../support/git-fixture.ts';

const never = new AbortController().signal;
const nothingKnown = (): boolean => false;

describe('the Git worker', () => {
  it('reads, writes notes, passes errors and log lines on, and starts again after it was closed', async () => {
    await using fixture = await makeGitFixture();
    const source = fixture.open({ worker: true });
    const content = await source.read('head', nothingKnown, never);
    expect(textOf(content, 'a.yaml')).toBe('a: 1\n');
    await source.writeNote('refs/notes/muster', content.revision, Buffer.from('{}'), 'Note', never);
    const note = await source.readNote('refs/notes/muster', content.revision, never);
    expect(Buffer.from(note ?? []).toString()).toBe('{}');
    expect(fixture.logged.join()).toContain('making a fresh clone');
    fixture.server.fault = 'throttled';
    await expect(source.resolve(never)).rejects.toMatchObject({
      name: 'MusterError',
      code: 'GIT_THROTTLED',
      disposition: 'waiting',
      retryAfterMs: 7_000,
    });
    fixture.server.fault = 'none';
    await source.close();
    expect(await source.resolve(never)).toBe(content.revision);
  });

  it('ends a call on the wire when its signal fires, and serves the next', async () => {
    await using fixture = await makeGitFixture();
    const source = fixture.open({ worker: true });
    const revision = await source.resolve(never);
    fixture.server.fault = 'hang';
    const controller = new AbortController();
    const hanging = source.resolve(controller.signal);
    controller.abort(new Error('enough'));
    await expect(hanging).rejects.toThrow('enough');
    fixture.server.fault = 'none';
    expect(await source.resolve(never)).toBe(revision);
  });

  it('that is closed rejects what is under way', async () => {
    await using fixture = await makeGitFixture();
    const source = fixture.open({ worker: true });
    await source.resolve(never);
    fixture.server.fault = 'hang';
    const hanging = expect(source.resolve(never)).rejects.toMatchObject({
      code: expect.stringMatching(/^GIT_/),
    });
    await source.close();
    await hanging;
  });
});
