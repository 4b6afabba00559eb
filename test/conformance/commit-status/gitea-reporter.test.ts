import { afterEach, expect, it } from 'vitest';
import { hostErrorCodes as codes } from '../../../src/commit-status/index.ts';
import { createSystemClock } from '../../../src/runtime/index.ts';
import { startGitea } from '../../support/git-host-gitea.ts';
import { once } from '../../support/git-host-server.ts';
import type { GitHostStandIn } from '../../support/git-host-stand-in.ts';
import { reporterFor, shaOf, statusOf } from './hosts.ts';

const signal = new AbortController().signal;
let host: GitHostStandIn;

afterEach(() => host.server.close());

const reporter = () =>
  reporterFor('gitea', host, { clock: createSystemClock(), readToken: () => 'gitea-token' });

it('tells a commit that Forgejo does not have from a fault', async () => {
  host = await startGitea({ faultForUnknownCommit: true });
  await expect(reporter().report(statusOf(), signal)).rejects.toMatchObject({ code: codes.notFound });
});

it('takes a 500 for a commit that is there for a fault', async () => {
  host = await startGitea();
  host.addCommit(shaOf(1));
  host.server.setFaults(
    once((call) => call.method === 'POST', {
      kind: 'reply',
      reply: { status: 500, body: { message: 'oops' } },
    }),
  );
  await expect(reporter().report(statusOf(), signal)).rejects.toMatchObject({
    code: codes.hostFault,
    disposition: 'transient',
  });
});

it('is not misled by a server that answers every page with the first one', async () => {
  host = await startGitea();
  host.addCommit(shaOf(1));
  const same = { statuses: [{ context: 'ci/other', status: 'success', description: '', target_url: '' }] };
  host.server.setFaults((call) =>
    call.method === 'GET' ? { kind: 'reply', reply: { status: 200, body: same } } : undefined,
  );
  await reporter().report(statusOf(), signal);
  expect(host.records(shaOf(1))).toHaveLength(1);
});
