import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hostErrorCodes as codes, type RevertPullRequests } from '../../../src/commit-status/index.ts';
import { createSystemClock } from '../../../src/runtime/index.ts';
import { type HostCall, once } from '../../support/git-host-server.ts';
import type { GitHostStandIn } from '../../support/git-host-stand-in.ts';
import { gitHostFor, hostsUnderTest } from './hosts.ts';

const signal = new AbortController().signal;
const isPost = (call: HostCall) => call.method === 'POST';
const request = {
  branch: 'muster/revert-1a2b3c4',
  base: 'main',
  title: 'Revert "Raise the queue"',
  body: '2 of 40 agents failed: `web-17` unhealthy',
};

describe.each(hostsUnderTest.filter(({ type }) => ['github', 'gitlab', 'gitea'].includes(type)))(
  '$type reverts',
  ({ type, token, start }) => {
    let host: GitHostStandIn;
    let reverts: RevertPullRequests;

    beforeEach(async () => {
      host = await start();
      const found = gitHostFor(type, host, { clock: createSystemClock(), readToken: () => token }).reverts;
      if (!found) throw new Error(`${type} opens no reverts`);
      reverts = found;
    });
    afterEach(() => host.server.close());

    it('opens a pull request with the evidence', async () => {
      const opened = await reverts.openRevert(request, signal);
      expect(opened).toEqual({ number: 1, url: expect.stringMatching(/^https:.*1$/), isNew: true });
      expect(host.forge.pull(1)).toMatchObject({
        headBranch: request.branch,
        base: 'main',
        title: request.title,
        body: request.body,
      });
    });

    it('opens one however often it is asked', async () => {
      await reverts.openRevert(request, signal);
      expect(await reverts.openRevert(request, signal)).toMatchObject({ number: 1, isNew: false });
      expect(host.forge.pulls()).toHaveLength(1);
    });

    it('opens none again that somebody has closed', async () => {
      await reverts.openRevert(request, signal);
      host.forge.close(1);
      expect(await reverts.openRevert(request, signal)).toMatchObject({ number: 1, isNew: false });
      expect(host.forge.pulls()).toHaveLength(1);
    });

    it('finds the one that was opened when the answer was lost', async () => {
      host.server.setFaults(once(isPost, { kind: 'lose-answer' }));
      await expect(reverts.openRevert(request, signal)).rejects.toMatchObject({ code: codes.unreachable });
      expect(await reverts.openRevert(request, signal)).toMatchObject({ number: 1, isNew: false });
    });

    it('takes the refusal of a second one for an answer', async () => {
      host.forge.open({ number: 1, headBranch: request.branch });
      // The list lags behind, as a search index does.
      host.server.setFaults(once(() => true, { kind: 'reply', reply: { status: 200, body: [] } }));
      expect(await reverts.openRevert(request, signal)).toMatchObject({ number: 1, isNew: false });
    });

    it('is not stopped by a branch of the same name in a fork', async () => {
      if (type === 'github') return;
      host.forge.open({ number: 1, headBranch: request.branch, fork: true, open: false });
      expect(await reverts.openRevert(request, signal)).toMatchObject({ number: 2, isNew: true });
    });

    it('tries again where the host does not see the branch yet', async () => {
      const message = ['source_branch "muster/revert-1a2b3c4" does not exist'];
      host.server.setFaults(once(isPost, { kind: 'reply', reply: { status: 400, body: { message } } }));
      await expect(reverts.openRevert(request, signal)).rejects.toMatchObject({ disposition: 'transient' });
      expect(await reverts.openRevert(request, signal)).toMatchObject({ isNew: true });
    });

    it('cuts a text that the host would refuse', async () => {
      await reverts.openRevert(
        { ...request, title: 'x\ny'.repeat(300), body: 'line\n'.repeat(60_000) },
        signal,
      );
      const pull = host.forge.pull(1);
      expect(pull?.title).toMatch(/^x yx[^\n]*$/);
      expect(pull?.title.length).toBe(250);
      expect(Buffer.byteLength(pull?.body ?? '')).toBeLessThanOrEqual(120_000);
      expect(pull?.body).toMatch(/Cut to fit\.\n$/);
    });
  },
);
