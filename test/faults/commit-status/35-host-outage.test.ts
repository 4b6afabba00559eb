import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hostsUnderTest, shaOf, statusOf } from '../../conformance/commit-status/hosts.ts';
import type { HostFault } from '../../support/git-host-server.ts';
import { startWired, type WiredOutbox } from './outbox-on-the-wire.ts';

const minute = 60_000;
const sha = shaOf(1);
const refusal = (status: number, headers: Record<string, string> = {}): HostFault => ({
  kind: 'reply',
  reply: { status, headers, body: { message: 'secondary rate limit' } },
});

const outages: readonly (readonly [string, HostFault])[] = [
  ['401', refusal(401)],
  ['403', refusal(403)],
  ['403 with retry-after', refusal(403, { 'retry-after': '90' })],
  ['404', refusal(404)],
  ['429', refusal(429, { 'retry-after': '30' })],
  ['500', refusal(500)],
  ['503', refusal(503)],
  ['broken connections', { kind: 'reset' }],
  ['lost answers', { kind: 'lose-answer' }],
];

describe.each(hostsUnderTest)('fault 35, an hour without $type', (under) => {
  let wired: WiredOutbox;

  beforeEach(async () => {
    wired = await startWired(under);
    wired.host.addCommit(sha);
  });
  afterEach(() => wired.stop());

  // One host meets every outage, the others those that differ between hosts.
  const own = outages.filter(
    ([name]) => under.type === 'github' || ['401', '404', 'lost answers'].includes(name),
  );
  it.each(own)('%s: what is owed then drains, the latest text of each, once', async (_name, fault) => {
    wired.outbox.submit([statusOf({ description: 'rolling out: 0/60 applied' })]);
    await wired.time.quiet();
    const before = wired.host.records(sha).length;
    wired.host.server.setFaults(() => fault);
    for (let round = 1; round <= 60; round += 1) {
      wired.outbox.submit([
        statusOf({ description: `rolling out: ${round}/60 applied` }),
        statusOf({ context: 'muster/acme', description: `rolling out: ${round}/60 applied` }),
      ]);
      await wired.time.travel(minute, minute);
    }
    const asked = wired.host.server.calls.length;
    wired.outbox.submit([statusOf({ state: 'success', description: '60/60 applied and healthy' })]);
    wired.host.server.setFaults(undefined);
    await wired.time.travel(20 * minute, 30_000);

    expect(asked).toBeLessThan(200);
    const fleet = wired.host.records(sha, 'muster/fleet');
    expect(fleet.at(-1)).toMatchObject({
      state: wired.host.wordFor('success'),
      description: '60/60 applied and healthy',
    });
    expect(wired.host.records(sha, 'muster/acme').at(-1)?.description).toMatch(
      /^rolling out: \d+\/60 applied$/,
    );
    expect(wired.outbox.state().destinations[0]).toMatchObject({ status: 'ok', outstanding: 0 });
    for (const context of ['muster/fleet', 'muster/acme']) expectNoRepeat(wired, context);
    expect(before).toBe(1);
  });

  it('survives a restart in the middle', async () => {
    wired.host.server.setFaults(() => ({ kind: 'reset' }));
    wired.outbox.submit([
      statusOf(),
      statusOf({ context: 'muster/acme', state: 'failure', description: '1 failed' }),
    ]);
    await wired.time.travel(10 * minute, minute);
    wired.host.server.setFaults(undefined);
    await wired.restart();
    await wired.time.travel(5_000);
    expect(wired.host.records(sha).map(({ context }) => context)).toEqual(['muster/fleet', 'muster/acme']);
  });

  it('waits through a commit that the host does not have yet', async () => {
    const late = shaOf(5);
    wired.outbox.submit([statusOf({ sha: late })]);
    await wired.time.travel(40_000);
    wired.host.addCommit(late);
    await wired.time.travel(20_000);
    expect(wired.host.records(late)).toHaveLength(1);
  });

  it('gives up waiting for an answer after its time limit', async () => {
    let hanging = 0;
    wired.host.server.setFaults(() => {
      hanging += 1;
      return hanging === 1 ? { kind: 'hang' } : undefined;
    });
    wired.outbox.submit([statusOf()]);
    while (hanging === 0) await new Promise((resolve) => setImmediate(resolve));
    wired.time.clock.advance(15_000);
    await wired.time.travel(10_000);
    expect(wired.host.records(sha)).toHaveLength(1);
  });
});

describe.each(hostsUnderTest)('$type', (under) => {
  let wired: WiredOutbox;

  beforeEach(async () => {
    wired = await startWired(under);
    wired.host.addCommit(sha);
  });
  afterEach(() => wired.stop());

  it('gets few writes for a rollout of a hundred steps, and the verdict', async () => {
    for (let applied = 0; applied < 100; applied += 1) {
      wired.outbox.submit([statusOf({ description: `rolling out: ${applied}/100 applied` })]);
      await wired.time.travel(1_000);
    }
    wired.outbox.submit([statusOf({ state: 'success', description: '100/100 applied and healthy' })]);
    await wired.time.travel(2_000);
    const records = wired.host.records(sha);
    expect(records.length).toBeLessThanOrEqual(5);
    expect(records.at(-1)?.description).toBe('100/100 applied and healthy');
  });
});

it('fault 35: 300 failing tenants reach GitHub at its own pace', async () => {
  const [github] = hostsUnderTest;
  const wired = await startWired(github!);
  wired.host.addCommit(sha);
  const contexts = Array.from({ length: 300 }, (_, index) => `muster/t${index}`);
  wired.outbox.submit(
    contexts.map((context) => statusOf({ context, state: 'failure', description: '1 problem' })),
  );
  await wired.time.travel(310_000, 1_000);
  expect(wired.host.records(sha).map(({ context }) => context)).toEqual(contexts);
  await wired.stop();
});

function expectNoRepeat(wired: WiredOutbox, context: string): void {
  const records = wired.host.records(sha, context).map((record) => JSON.stringify(record));
  expect(records.filter((record, index) => record === records[index - 1])).toEqual([]);
}
