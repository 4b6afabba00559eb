import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  hostErrorCodes as codes,
  type PullRequestComment,
  type PullRequestComments,
} from '../../../src/commit-status/index.ts';
import { createSystemClock } from '../../../src/runtime/index.ts';
import { type HostCall, once } from '../../support/git-host-server.ts';
import type { GitHostStandIn } from '../../support/git-host-stand-in.ts';
import { gitHostFor, hostsUnderTest } from './hosts.ts';

const signal = new AbortController().signal;
const marker = 'plan:eu-1:acme/fleet';
const isWrite = (call: HostCall) => call.method !== 'GET';
const comment = (markdown: string, parts: Partial<PullRequestComment> = {}): PullRequestComment => ({
  pullRequest: 7,
  marker,
  markdown,
  ...parts,
});

describe.each(hostsUnderTest)('$type comments', ({ type, token, start }) => {
  let host: GitHostStandIn;
  let comments: PullRequestComments;

  const restarted = () =>
    gitHostFor(type, host, { clock: createSystemClock(), readToken: () => token }).comments;
  const bodies = () => host.forge.comments(7).map(({ body }) => body);
  const writes = () => host.server.calls.filter(isWrite);

  beforeEach(async () => {
    host = await start();
    host.forge.open({ number: 7 });
    comments = restarted();
  });
  afterEach(() => host.server.close());

  it('creates one comment whose first line nobody sees, and changes it in place', async () => {
    await comments.upsert(comment('### Plan\n\none'), signal);
    await comments.upsert(comment('### Plan\n\ntwo'), signal);
    expect(bodies()).toEqual([`[muster-marker]: # (${marker})\n\n### Plan\n\ntwo`]);
  });

  it('finds it again after a restart, and writes nothing where it says so already', async () => {
    await comments.upsert(comment('same'), signal);
    await restarted().upsert(comment('same'), signal);
    expect(writes()).toHaveLength(1);
    await restarted().upsert(comment('other'), signal);
    expect(bodies()).toHaveLength(1);
    expect(bodies()[0]).toMatch(/other$/);
  });

  it('asks nothing at all for the text that it wrote last', async () => {
    await comments.upsert(comment('same'), signal);
    const before = host.server.calls.length;
    await comments.upsert(comment('same'), signal);
    expect(host.server.calls).toHaveLength(before);
  });

  it('finds it among 230 others', async () => {
    for (let index = 0; index < 120; index += 1) host.forge.addComment(7, `before ${index}`, false);
    await comments.upsert(comment('one'), signal);
    for (let index = 0; index < 110; index += 1) host.forge.addComment(7, `after ${index}`, false);
    await restarted().upsert(comment('two'), signal);
    expect(bodies().filter((body) => body.includes(marker))).toHaveLength(1);
    expect(bodies()[120]).toMatch(/two$/);
  });

  it('leaves a marker that a stranger has pasted alone', async () => {
    const pasted = `[muster-marker]: # (${marker})\n\nlooks good to me`;
    host.forge.addComment(7, pasted, false);
    await comments.upsert(comment('one'), signal);
    await restarted().upsert(comment('two'), signal);
    expect(bodies()).toEqual([pasted, expect.stringMatching(/two$/)]);
  });

  it('leaves a comment of its own that only quotes the marker alone', async () => {
    const quote = `> [muster-marker]: # (${marker})\n\nas said above`;
    host.forge.addComment(7, quote, true);
    await comments.upsert(comment('one'), signal);
    expect(bodies()).toEqual([quote, expect.stringMatching(/one$/)]);
  });

  it('deletes duplicates of its own, keeping the first', async () => {
    for (const text of ['a', 'b', 'c'])
      host.forge.addComment(7, `[muster-marker]: # (${marker})\n\n${text}`, true);
    const [first] = host.forge.comments(7);
    await comments.upsert(comment('one'), signal);
    expect(host.forge.comments(7).map(({ id }) => id)).toEqual([first?.id]);
    expect(bodies()[0]).toMatch(/one$/);
  });

  it('keeps comments of other markers and other pull requests apart', async () => {
    host.forge.open({ number: 8 });
    await comments.upsert(comment('one'), signal);
    await comments.upsert(comment('us', { marker: 'plan:us-1:acme/fleet' }), signal);
    await comments.upsert(comment('eight', { pullRequest: 8 }), signal);
    await comments.upsert(comment('two'), signal);
    expect(bodies()).toEqual([expect.stringMatching(/two$/), expect.stringMatching(/us$/)]);
    expect(host.forge.comments(8)).toHaveLength(1);
  });

  it('writes it anew when somebody has deleted it', async () => {
    await comments.upsert(comment('one'), signal);
    const [written] = host.forge.comments(7);
    host.forge.removeComment(written?.id ?? 0);
    await comments.upsert(comment('two'), signal);
    expect(bodies()).toEqual([expect.stringMatching(/two$/)]);
  });

  it('neither repeats nor loses a comment whose answer was lost', async () => {
    host.server.setFaults(once(isWrite, { kind: 'lose-answer' }));
    await expect(comments.upsert(comment('one'), signal)).rejects.toMatchObject({ code: codes.unreachable });
    await comments.upsert(comment('one'), signal);
    expect(bodies()).toHaveLength(1);
  });

  it('cuts what the host would refuse, with a link to the whole', async () => {
    const markdown = `intro\n\n\`\`\`diff\n${'+ ключ: "ü"\n'.repeat(30_000)}`;
    const wholeUrl = 'https://muster.example/plans/1';
    await comments.upsert(comment(markdown, { wholeUrl }), signal);
    const [body = ''] = bodies();
    expect(Buffer.byteLength(body)).toBeLessThanOrEqual(comments.format.maxBytes);
    expect(Buffer.byteLength(body)).toBeGreaterThan(comments.format.maxBytes / 2);
    expect(body).toMatch(
      /\n```\n\nCut to fit\. \[The whole text\]\(<https:\/\/muster\.example\/plans\/1>\)\n$/,
    );
    await restarted().upsert(comment(markdown, { wholeUrl }), signal);
    expect(writes()).toHaveLength(1);
  });

  it('refuses a marker that could become text', async () => {
    await expect(comments.upsert(comment('x', { marker: 'a)\n# hi' }), signal)).rejects.toMatchObject({
      code: codes.rejected,
    });
    expect(host.forge.comments(7)).toEqual([]);
  });

  it('says that the pull request is not there', async () => {
    await expect(comments.upsert(comment('x', { pullRequest: 99 }), signal)).rejects.toMatchObject({
      code: codes.notFound,
    });
  });

  it('never takes a stranger for itself where it may not ask who it is', async () => {
    host.forge.knowsOwnAccount = false;
    const pasted = `[muster-marker]: # (${marker})\n\nmine`;
    host.forge.addComment(7, pasted, false);
    const outcome = await comments.upsert(comment('one'), signal).catch((error: unknown) => error);
    if (type === 'github' || type === 'bitbucket') {
      await restarted().upsert(comment('two'), signal);
      expect(bodies()).toEqual([pasted, expect.stringMatching(/two$/)]);
    } else {
      expect(outcome).toMatchObject({ code: codes.forbidden, disposition: 'stalled' });
      expect(bodies()).toEqual([pasted]);
    }
  });

  it.each([
    [401, codes.unauthorized],
    [403, codes.forbidden],
    [410, codes.forbidden],
    [422, codes.rejected],
    [429, codes.throttled],
    [500, codes.hostFault],
    [503, codes.unreachable],
  ])('classifies %i', async (status, code) => {
    host.server.setFaults(once(isWrite, { kind: 'reply', reply: { status, body: { message: 'no' } } }));
    await expect(comments.upsert(comment('one'), signal)).rejects.toMatchObject({ code });
  });
});

describe('Bitbucket Data Center comments', () => {
  it('are searched for again when somebody else has changed them in between', async () => {
    const [under] = hostsUnderTest.filter(({ type }) => type === 'bitbucket-server');
    if (!under) throw new Error('no such host');
    const host = await under.start();
    host.forge.open({ number: 7 });
    const deps = { clock: createSystemClock(), readToken: () => under.token };
    const { comments } = gitHostFor('bitbucket-server', host, deps);
    await comments.upsert(comment('one'), signal);
    const [written] = host.forge.comments(7);
    if (written) written.version += 1;
    await expect(comments.upsert(comment('two'), signal)).rejects.toMatchObject({ code: codes.conflict });
    await comments.upsert(comment('two'), signal);
    expect(host.forge.comments(7).map(({ body }) => body)).toEqual([expect.stringMatching(/two$/)]);
    await host.server.close();
  });
});
