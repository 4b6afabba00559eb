import { describe, expect, it } from 'vitest';
import type { EngineSpec } from '../../../src/git-source/open-engine.ts';
import { createWorkerClient } from '../../../src/git-source/worker-client.ts';
import { createManualClock, createSilentLogger } from '../../../src/runtime/index.ts';
import { eventually } from '../../support/eventually.ts';
import { makeGitFixture } from '../../support/git-fixture.ts';

const call = { signal: new AbortController().signal };
const lost = { code: 'GIT_WORKER', disposition: 'transient' };

describe('the worker client', () => {
  it('rejects calls of a worker that dies, and starts another for the next', async () => {
    const clock = createManualClock();
    const broken = createWorkerClient({ remote: undefined } as unknown as EngineSpec, {
      clock,
      logger: createSilentLogger(),
    });
    await expect(broken.ask('resolve', {}, call)).rejects.toMatchObject(lost);
    await expect(broken.ask('resolve', {}, call)).rejects.toMatchObject(lost);
    await broken.close();
  });

  it('replaces a worker that misses its own bounds, and refuses to pile up calls', async () => {
    await using fixture = await makeGitFixture();
    const clock = createManualClock();
    const client = createWorkerClient(
      {
        remote: { kind: 'http', url: `${fixture.server.origin}/fleet.git` },
        ref: 'main',
        path: '.',
        cacheDir: fixture.cacheDir,
        transport: 'auto',
        timeoutMs: 20_000,
        identity: { name: 'Muster', email: 'muster@localhost' },
        verify: { mode: 'off' },
      },
      { clock, logger: createSilentLogger() },
    );
    fixture.server.fault = 'hang';
    const first = expect(client.ask('resolve', {}, call)).rejects.toMatchObject(lost);
    const others = Array.from({ length: 255 }, () => client.ask('resolve', {}, call).catch(() => 'lost'));
    await expect(client.ask('resolve', {}, call)).rejects.toMatchObject({ code: 'GIT_BUSY' });
    await eventually(() => fixture.server.requests.length > 0);
    clock.advance(215_000);
    await first;
    expect(new Set(await Promise.all(others))).toEqual(new Set(['lost']));
    fixture.server.fault = 'none';
    expect(await client.ask('resolve', {}, call)).toHaveLength(40);
    await client.close();
  });
});
