import { describe, expect, it } from 'vitest';
import { createManualClock } from '../../../src/runtime/index.ts';
import { eventually } from '../../support/eventually.ts';
import { connectAgent, managed, poll, renderedConfig, startServer, uidA, uidB } from './harness.ts';

describe('disconnect and liveness', () => {
  it('C-DIS-1 [S] forgets every agent of a connection when it closes', async () => {
    const harness = await startServer();
    const gateway = await connectAgent(harness);
    for (const uid of [uidA, uidB]) gateway.send({ uid, capabilities: managed });
    await gateway.message(2);
    gateway.socket.terminate();
    await eventually(() => harness.gone.length === 1);
    expect(harness.gone[0]?.uids).toEqual([uidA, uidB]);
    expect(harness.gone[0]?.session).toEqual(harness.reports[0]?.session);
    expect(harness.server.offer(uidA, renderedConfig('a'))).toBe('not-connected');
  });

  it('C-DIS-1 [S] forgets one agent at its agent_disconnect, and keeps the others of its connection', async () => {
    const harness = await startServer();
    const gateway = await connectAgent(harness);
    for (const uid of [uidA, uidB]) gateway.send({ uid, capabilities: managed });
    gateway.send({ uid: uidA, sequence: 1, disconnect: true });
    await gateway.message(3);
    expect(harness.reports[2]?.report.disconnect).toBe(true);
    expect(harness.server.offer(uidA, renderedConfig('a'))).toBe('not-connected');
    expect(harness.server.offer(uidB, renderedConfig('a'))).toBe('sent');
    gateway.socket.close();
    await eventually(() => harness.gone.length === 1);
    expect(harness.gone[0]?.uids).toEqual([uidB]);
  });

  it('C-DIS-2 [I] counts an HTTP agent as gone after its silence, and keeps one session while it polls', async () => {
    const clock = createManualClock();
    const harness = await startServer({}, { clock });
    for (let sequence = 0; sequence < 3; sequence += 1) {
      await poll(harness, { uid: uidA, sequence, capabilities: managed });
      clock.advance(60_000);
    }
    expect(new Set(harness.reports.map(({ session }) => session.id)).size).toBe(1);
    await poll(harness, { uid: uidB, capabilities: managed });
    expect(harness.gone).toEqual([]);
    clock.advance(45_000);
    expect(harness.gone.map(({ uids }) => uids)).toEqual([[uidA]]);
    clock.advance(60_000);
    expect(harness.gone.map(({ uids }) => uids)).toEqual([[uidA], [uidB]]);
  });

  it('C-DIS-2 [I] notices the silence of one HTTP agent whatever the order in which others poll', async () => {
    const clock = createManualClock();
    const harness = await startServer({}, { clock });
    await poll(harness, { uid: uidA, sequence: 0, capabilities: managed });
    clock.advance(10_000);
    await poll(harness, { uid: uidB, sequence: 0, capabilities: managed });
    clock.advance(50_000);
    await poll(harness, { uid: uidA, sequence: 1, capabilities: managed });
    clock.advance(45_000);
    expect(harness.gone.map(({ uids }) => uids)).toEqual([[uidB]]);
  });

  it('C-DIS-3 [I] takes an agent back after its disconnect', async () => {
    const harness = await startServer();
    const agent = await connectAgent(harness);
    agent.send({ uid: uidA, capabilities: managed });
    agent.send({ uid: uidA, sequence: 1, disconnect: true });
    agent.send({ uid: uidA, sequence: 2, capabilities: managed });
    expect(await agent.message(3)).toMatchObject({ uid: uidA });
    expect(harness.server.offer(uidA, renderedConfig('a'))).toBe('sent');
  });
});
