import { describe, expect, it } from 'vitest';
import type { Page, RolloutView } from '../../../src/http-api/index.ts';
import { runCommand } from '../../support/console.ts';
import { eventually, eventuallyHolds } from '../../support/eventually.ts';
import { collectorText, startTestService, type TestService } from '../../support/service.ts';

const rollout = `kind: Rollout
steps:
  - {name: first, count: 1, soak: 1s}
  - {name: half, percent: 50, soak: 1s}
failure: {healthTimeout: 5s}
`;
const files = {
  'careful.yaml': rollout,
  'edge.yaml': 'kind: AgentConfig\nselector: {}\nconfig: edge/collector.yaml\nrollout: careful\n',
  'edge/collector.yaml': collectorText('5s'),
};
const change = (marker: string) => ({ 'edge/collector.yaml': collectorText(marker) });
const refuse = (config: string) => (config.includes('timeout: 66s') ? 'cannot start' : undefined);

async function converged(count: number, over: Readonly<Record<string, string>> = {}) {
  const service = await startTestService({ files: { ...files, ...over } });
  const agents = Array.from({ length: count }, (_, index) =>
    service.agent(
      { attributes: { 'service.name': 'otelcol', 'host.name': `web-${index + 1}` }, refuse },
      index % 3 === 2 ? 'http' : 'ws',
    ),
  );
  // Only a rollout that has passed leaves something to go back to.
  await eventuallyHolds(async () => {
    expect((await service.fleet()).agents.healthy).toBe(count);
    expect((await rolloutView(service))?.phase).toBe('passed');
  }, 25_000);
  return { service, agents };
}

const watch = (service: TestService, terminal: boolean, ...args: readonly string[]) =>
  runCommand(['status', '--watch', ...args, '--server', service.app().httpUrl], { terminal });
const rolloutView = async (service: TestService) =>
  (await service.get<Page<RolloutView>>('/api/v1/rollouts')).items[0];

describe('a rollout on real sockets', () => {
  it('goes out by steps; status --watch draws it and ends with 0; the note says how long it took', async () => {
    const { service, agents } = await converged(9);
    await using _ = service;
    const before = agents.map((agent) => agent.state().offers);
    const sha = service.repo.commit(change('7s'));
    const { out, exit } = await watch(service, true, '--commit', sha.slice(0, 12));
    expect(exit).toBe(0);
    expect(out).toMatch(/\[#*\.+\] \d\/9/);
    expect(out).toContain(`waiting for ${sha.slice(0, 12)}`);
    expect(out).toContain('\u001b[J');
    expect(out).toContain('success: 9/9 applied and healthy');
    const note = await service.note(sha);
    expect(note).toMatchObject({ state: 'success', convergedAt: expect.stringMatching(/Z$/) });
    expect(note.seconds).toBeGreaterThan(2);
    expect(note.revert).toBeUndefined();
    const metrics = await (await fetch(new URL('/metrics', service.app().httpUrl))).text();
    expect(metrics).toMatch(/muster_commit_to_converged_seconds_count 2/);
    expect(agents.map((agent, index) => agent.state().offers - (before[index] ?? 0))).toEqual(
      agents.map(() => 1),
    );
  });

  it('is refused by its first agent, which goes back; the note tells how to take the commit back', async () => {
    const { service, agents } = await converged(9);
    await using _ = service;
    const before = agents.reduce((sum, agent) => sum + agent.state().offers, 0);
    const sha = service.repo.commit(change('66s'));
    await service.status(sha, 'muster/fleet', 'failure');
    const { out, exit } = await watch(service, false);
    expect(exit).toBe(1);
    expect(out).toMatch(/ {2}failure: 1 failed, roll(s|ed) back to/);
    expect(out).not.toContain('\u001b');
    expect((await service.note(sha)).revert).toBe(`git revert ${sha}`);
    await eventuallyHolds(() =>
      expect(agents.reduce((sum, agent) => sum + agent.state().offers, 0)).toBe(before + 2),
    );
    expect((await rolloutView(service))?.phase).toBe('rolled-back');
  });

  it('goes on where it was after a stop in each of its steps', { timeout: 120_000 }, async () => {
    const { service, agents } = await converged(9);
    await using _ = service;
    const before = agents.map((agent) => agent.state().offers);
    const sha = service.repo.commit(change('7s'));
    for (const step of ['first', 'half', 'all']) {
      await eventually(async () => {
        const view = await rolloutView(service);
        return view?.step === step || view?.phase === 'passed';
      }, 20_000);
      await service.restart();
    }
    await eventually(async () => (await rolloutView(service))?.phase === 'passed', 20_000);
    await service.status(sha, 'muster/fleet', 'success');
    await eventuallyHolds(async () => expect((await service.fleet()).agents.healthy).toBe(9), 20_000);
    // Only who had not answered yet when the service stopped may have been offered it again.
    for (const [index, agent] of agents.entries())
      expect(agent.state().offers - (before[index] ?? 0)).toBeLessThanOrEqual(2);
  });
});
