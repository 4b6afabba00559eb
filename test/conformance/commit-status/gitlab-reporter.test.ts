import { afterEach, beforeEach, expect, it } from 'vitest';
import { hostErrorCodes as codes, type StatusReporter } from '../../../src/commit-status/index.ts';
import { createSystemClock } from '../../../src/runtime/index.ts';
import { type GitlabStandIn, startGitlab } from '../../support/git-host-gitlab.ts';
import { once } from '../../support/git-host-server.ts';
import { createTimeTravel } from '../../support/git-host-time.ts';
import { reporterFor, shaOf, statusOf } from './hosts.ts';

const signal = new AbortController().signal;
const sha = shaOf(1);
let host: GitlabStandIn;
let reporter: StatusReporter;

const restarted = () =>
  reporterFor('gitlab', host, { clock: createSystemClock(), readToken: () => 'gl-token' });
const states = () => host.records(sha).map(({ state }) => state);

beforeEach(async () => {
  host = await startGitlab();
  host.addCommit(sha);
  host.addPipeline(sha, 77);
  reporter = restarted();
});
afterEach(() => host.server.close());

it('posts pending once and running once, however often the text changes', async () => {
  for (let applied = 0; applied <= 100; applied += 1)
    await reporter.report(statusOf({ description: `rolling out: ${applied}/100 applied` }), signal);
  await reporter.report(statusOf({ state: 'success', description: '100/100 applied and healthy' }), signal);
  expect(states()).toEqual(['pending', 'running', 'success']);
});

it('goes on where it stood after a restart', async () => {
  await reporter.report(statusOf({ description: 'waiting: 0/2 connected' }), signal);
  await restarted().report(statusOf({ description: 'rolling out: 1/2 applied' }), signal);
  await restarted().report(statusOf({ description: 'rolling out: 2/2 applied' }), signal);
  await restarted().report(statusOf({ state: 'failure', description: '1 failed' }), signal);
  expect(states()).toEqual(['pending', 'running', 'failed']);
});

it('opens a new row for a new attempt after a verdict', async () => {
  await reporter.report(statusOf({ state: 'success', description: 'done' }), signal);
  await reporter.report(statusOf({ description: 'rolling out: 0/2 applied' }), signal);
  await reporter.report(statusOf({ description: 'rolling out: 1/2 applied' }), signal);
  expect(states()).toEqual(['success', 'pending', 'running']);
});

it('takes "cannot transition" for done when the row says so', async () => {
  await reporter.report(statusOf(), signal);
  const other = restarted();
  // The list answers as if nothing stood yet, as a replica that lags behind does.
  host.server.setFaults(
    once((call) => call.path.endsWith('/statuses') && call.method === 'GET', {
      kind: 'reply',
      reply: { status: 200, body: [] },
    }),
  );
  await other.report(statusOf(), signal);
  expect(states()).toEqual(['pending']);
});

it('does not take it for done when the row says something else', async () => {
  const refusal = { message: 'Cannot transition status via :enqueue from :pending (Reason(s): state)' };
  host.server.setFaults(
    once((call) => call.method === 'POST', { kind: 'reply', reply: { status: 400, body: refusal } }),
  );
  await expect(reporter.report(statusOf(), signal)).rejects.toMatchObject({ code: codes.sameState });
  await reporter.report(statusOf(), signal);
  expect(states()).toEqual(['pending']);
});

it('tells an error from a failure in the text', async () => {
  await reporter.report(
    statusOf({ state: 'error', description: 'no verdict: 2 agents cannot confirm' }),
    signal,
  );
  await restarted().report(
    statusOf({ state: 'error', description: 'no verdict: 2 agents cannot confirm' }),
    signal,
  );
  expect(host.records(sha)).toMatchObject([
    { state: 'failed', description: 'error: no verdict: 2 agents cannot confirm' },
  ]);
});

it("stays in the project's own pipeline, also when another one starts", async () => {
  await reporter.report(statusOf(), signal);
  host.addPipeline(sha, 78);
  await reporter.report(statusOf({ state: 'success', description: 'done' }), signal);
  await restarted().report(statusOf({ state: 'success', description: 'done' }), signal);
  expect(host.records(sha)).toHaveLength(2);
  const used = host.server.calls.flatMap((call) => (call.method === 'POST' ? [call.body.pipeline_id] : []));
  expect(used).toEqual([77, 77]);
});

it('waits a moment for a pipeline after a push, then posts without one', async () => {
  const time = createTimeTravel();
  const fresh = shaOf(2);
  host.addCommit(fresh);
  const patient = reporterFor('gitlab', host, {
    clock: time.clock,
    fetch: time.fetch,
    readToken: () => 'gl-token',
  });
  const done = patient.report(statusOf({ sha: fresh }), signal);
  await time.travel(1_000);
  expect(host.records(fresh)).toHaveLength(0);
  await time.travel(1_000);
  await done;
  await patient.report(statusOf({ sha: fresh, state: 'success', description: 'done' }), signal);
  expect(host.pipelines(fresh)).toHaveLength(1);
  expect(host.records(fresh)).toHaveLength(2);
});

it('uses the pipeline that appears while it waits', async () => {
  const time = createTimeTravel();
  const fresh = shaOf(3);
  host.addCommit(fresh);
  const patient = reporterFor('gitlab', host, {
    clock: time.clock,
    fetch: time.fetch,
    readToken: () => 'gl-token',
  });
  const done = patient.report(statusOf({ sha: fresh }), signal);
  await time.quiet();
  host.addPipeline(fresh, 501);
  await time.travel(1_000);
  await done;
  expect(host.server.calls.at(-1)?.body.pipeline_id).toBe(501);
});
