import { expect, it } from 'vitest';
import { eventuallyHolds } from '../../support/eventually.ts';
import { git } from '../../support/git-repo.ts';
import { collectorText, oneTenant, startTestService } from '../../support/service.ts';

const agent = (host: string) => ({
  attributes: { 'service.name': 'otelcol', 'service.version': '0.159.0', 'host.name': host },
});

it('37 two servers on one repo, each with its instance, write beside each other and wake each other never', {
  timeout: 120_000,
}, async () => {
  await using east = await startTestService({ files: oneTenant, environment: { MUSTER_INSTANCE: 'east' } });
  const { repo } = east;
  await using west = await startTestService({
    files: {},
    repo,
    environment: { MUSTER_INSTANCE: 'west' },
  });
  const both = [east, west] as const;
  for (const [index, service] of both.entries()) service.agent(agent(`host-${index}`));
  const names = ['east', 'west'] as const;
  const note = (name: string, sha: string) =>
    JSON.parse(git(repo.dir, ['notes', `--ref=muster-${name}`, 'show', sha])) as {
      agents: readonly unknown[];
    };
  const first = repo.git('rev-parse', 'HEAD');
  for (const sha of [first, 'next'] as const) {
    const revision = sha === 'next' ? repo.commit({ 'edge/collector.yaml': collectorText('7s') }) : sha;
    for (const [index, name] of names.entries()) {
      await both[index]?.status(revision, `muster/${name}/fleet`, 'success');
      await eventuallyHolds(() => expect(note(name, revision).agents).toHaveLength(1), 30_000);
    }
  }
  for (const service of both) {
    const { items } = await service.get<{ items: { sha: string; statuses: { context: string }[] }[] }>(
      '/api/v1/revisions',
    );
    expect(items).toHaveLength(2);
    const own = service === east ? 'east' : 'west';
    for (const { statuses } of items)
      expect(statuses.every(({ context }) => context.startsWith(`muster/${own}/`))).toBe(true);
  }
});
