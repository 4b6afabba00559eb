import { afterEach, expect, it } from 'vitest';
import { composeStatus, createNoteReporter, createOutbox } from '../../../src/commit-status/index.ts';
import { createSilentLogger } from '../../../src/runtime/index.ts';
import { reporterFor, shaOf } from '../../conformance/commit-status/hosts.ts';
import { type GithubStandIn, startGithub } from '../../support/git-host-github.ts';
import { createMemoryOutboxStore } from '../../support/git-host-outbox-store.ts';
import { createTimeTravel } from '../../support/git-host-time.ts';
import { summary, tenant } from '../../unit/commit-status/summaries.ts';

const sha = shaOf(1);
let host: GithubStandIn;

afterEach(() => host.server.close());

it('fault 37: two servers with an instance each share a repository without touching each other', async () => {
  host = await startGithub();
  host.addCommit(sha);
  const time = createTimeTravel();
  const refs = new Set<string>();
  for (const instance of ['eu-1', 'us-1']) {
    const { clock, fetch } = time;
    const outbox = createOutbox({
      store: createMemoryOutboxStore(),
      reporters: [reporterFor('github', host, { clock, fetch, readToken: () => 'gh-token' })],
      notes: createNoteReporter({ writeNote: async (ref) => void refs.add(ref) }, { instance }),
      clock,
      random: () => 0,
      breathe: async () => {},
      logger: createSilentLogger(),
    });
    await outbox.start();
    outbox.submit(composeStatus({ ...summary([tenant()], { instance }), sha }));
    outbox.submitReport({
      version: 1,
      revision: sha,
      state: 'success',
      observedAt: '',
      tenants: {},
      agents: [],
      effectiveConfigs: {},
    });
    await time.travel(10_000);
    await outbox.close();
  }
  const contexts = host.records(sha).map(({ context }) => context);
  expect(new Set(contexts).size).toBe(contexts.length);
  expect(contexts).toHaveLength(6);
  expect([...refs]).toEqual(['refs/notes/muster-eu-1', 'refs/notes/muster-us-1']);
});
