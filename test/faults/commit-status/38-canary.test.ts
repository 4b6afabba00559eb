import { afterEach, describe, expect, it } from 'vitest';
import { composeStatus } from '../../../src/commit-status/index.ts';
import { hostsUnderTest, shaOf } from '../../conformance/commit-status/hosts.ts';
import type { HostFault } from '../../support/git-host-server.ts';
import { counts, summary, tenant } from '../../unit/commit-status/summaries.ts';
import { startWired, type WiredOutbox } from './outbox-on-the-wire.ts';

const canary = 'CANARY-4f1c9d2e7b';
const sha = shaOf(1);
let wired: WiredOutbox;

afterEach(() => wired.stop());

describe.each(hostsUnderTest)('fault 38, $type', (under) => {
  it('never shows the token, whatever the host answers', async () => {
    wired = await startWired(under, canary);
    wired.host.setToken(canary);
    wired.host.addCommit(sha);
    const echo = { message: `${canary} Bearer ${canary}`, errors: [{ authorization: canary }] };
    for (const status of [400, 401, 403, 404, 409, 422, 429, 500, 503]) {
      wired.host.server.setFaults((): HostFault => ({ kind: 'reply', reply: { status, body: echo } }));
      wired.outbox.submit(composeStatus({ ...summary([tenant({ tenant: `t${status}` })]), sha }));
      await wired.time.travel(120_000, 10_000);
      expect(JSON.stringify(wired.outbox.state())).not.toContain(canary);
    }
    expect(wired.log.length).toBeGreaterThan(3);
    expect(wired.log.join('\n')).not.toContain(canary);
    expect([...wired.store.items].join('\n')).not.toContain(canary);
    for (const call of wired.host.server.calls)
      expect(`${call.path}?${call.query} ${JSON.stringify(call.body)}`).not.toContain(canary);
  });

  it('never posts what an agent has quoted from its config', async () => {
    wired = await startWired(under);
    wired.host.addCommit(sha);
    const quoted = `invalid configuration: exporters::otlp_http: headers: cannot unmarshal "${canary}"; exit code 1`;
    const failing = tenant({
      agents: counts({ matched: 1, connected: 1, failed: 1 }),
      failures: [{ uid: 'u', host: 'web-17', reason: quoted }],
    });
    wired.outbox.submit(composeStatus({ ...summary([failing]), sha }));
    await wired.time.travel(10_000);
    expect(wired.host.records(sha, 'muster/acme').at(-1)?.description).toBe('1 failed: web-17 exit code 1');
    expect(JSON.stringify(wired.host.records(sha)) + wired.log.join()).not.toContain(canary);
  });
});
