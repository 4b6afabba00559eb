import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createOutbox, type Outbox } from '../../../src/commit-status/index.ts';
import { gitHostFor, hostsUnderTest } from '../../conformance/commit-status/hosts.ts';
import { createKeptLog } from '../../support/git-host-log.ts';
import { createMemoryOutboxStore, type MemoryOutboxStore } from '../../support/git-host-outbox-store.ts';
import type { HostCall, HostFault } from '../../support/git-host-server.ts';
import type { GitHostStandIn } from '../../support/git-host-stand-in.ts';
import { createTimeTravel, type TimeTravel } from '../../support/git-host-time.ts';

const minute = 60_000;
const canary = 'CANARY-4f1c9d2e7b';
const reply = (status: number, headers: Record<string, string> = {}): HostFault => ({
  kind: 'reply',
  reply: { status, headers, body: { message: `secondary rate limit ${canary}` } },
});

const outages: readonly (readonly [string, HostFault])[] = [
  ['401', reply(401)],
  ['403', reply(403)],
  ['404', reply(404)],
  ['429', reply(429, { 'retry-after': '30' })],
  ['500', reply(500)],
  ['503', reply(503)],
  ['broken connections', { kind: 'reset' }],
  ['lost answers', { kind: 'lose-answer' }],
];

describe.each(hostsUnderTest)('fault 35, comments through an hour without $type', ({ type, start }) => {
  const { logger, lines } = createKeptLog();
  let host: GitHostStandIn;
  let time: TimeTravel;
  let store: MemoryOutboxStore;
  let outbox: Outbox;

  const run = async () => {
    const { clock, fetch } = time;
    const { comments } = gitHostFor(type, host, { clock, fetch, readToken: () => canary });
    outbox = createOutbox({
      store,
      reporters: [],
      comments,
      clock,
      random: () => 0,
      breathe: async () => {},
      logger,
    });
    await outbox.start();
  };
  const bodies = () => host.forge.comments(7).map(({ body }) => body.split('\n').at(-1));
  const submit = (markdown: string) => outbox.submitComment({ pullRequest: 7, marker: 'plan:x', markdown });

  beforeEach(async () => {
    host = await start();
    host.setToken(canary);
    host.forge.open({ number: 7 });
    time = createTimeTravel();
    store = createMemoryOutboxStore();
    await run();
  });
  afterEach(async () => {
    await outbox.close();
    await host.server.close();
  });

  it.each(outages)('%s: one comment with the latest text, and no secret anywhere', async (_name, fault) => {
    host.server.setFaults(() => fault);
    for (let round = 1; round <= 60; round += 1) {
      submit(`plan ${round}`);
      await time.travel(minute, minute);
    }
    const asked = host.server.calls.length;
    host.server.setFaults(undefined);
    await time.travel(20 * minute, minute);
    expect(asked).toBeLessThan(200);
    expect(bodies()).toEqual(['plan 60']);
    expect(outbox.state().destinations[0]).toMatchObject({ status: 'ok', outstanding: 0 });
    expect(JSON.stringify(outbox.state()) + lines.join() + [...store.items].join()).not.toContain(canary);
  });

  it('is one comment after a restart between a write and its answer', async () => {
    const isWrite = (call: HostCall) => call.method !== 'GET';
    host.server.setFaults((call) => (isWrite(call) ? { kind: 'lose-answer' } : undefined));
    submit('plan 1');
    await time.travel(5_000);
    await outbox.close();
    host.server.setFaults(undefined);
    await run();
    await time.travel(10 * minute, minute);
    expect(bodies()).toEqual(['plan 1']);
    submit('plan 2');
    await time.travel(minute);
    expect(bodies()).toEqual(['plan 2']);
  });

  it('gives up waiting for an answer after its time limit', async () => {
    let hanging = 0;
    host.server.setFaults(() => {
      hanging += 1;
      return hanging === 1 ? { kind: 'hang' } : undefined;
    });
    submit('plan 1');
    while (hanging === 0) await new Promise((resolve) => setImmediate(resolve));
    time.clock.advance(15_000);
    await time.travel(10_000);
    expect(bodies()).toEqual(['plan 1']);
  });
});
