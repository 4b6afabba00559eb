import { describe, expect, it } from 'vitest';
import { convergedStory, edgeFiles, type Story, statusOf } from '../../support/rollout-story.ts';

const asked = { 'fleet.yaml': 'kind: Fleet\nrevertPullRequest: true\n' };
const refuse = (body: string) => (body.includes('66s') ? 'refuse' : 'apply');

async function fail({ test, fleet }: Story, fleetFile: Record<string, string>, subject?: string) {
  const sha = await test.commit({ ...fleetFile, ...edgeFiles('66s') }, subject);
  await fleet.run(120, refuse);
  expect(statusOf(test, sha)).toMatchObject({ state: 'failure' });
  return sha;
}

describe('a revision whose rollout failed', () => {
  it('is proposed to be taken back once where the repo asks for it, with who failed and why', async () => {
    const story = await convergedStory({}, { ...asked, ...edgeFiles('5s') });
    const sha = await fail(story, asked, 'Raise the queue');
    await story.fleet.run(60, refuse);
    expect(story.test.reverts).toMatchObject([
      {
        sha,
        subject: 'Raise the queue',
        failed: [{ tenant: 'default', agents: { failed: 1 }, failures: [{ reason: 'exit code 7' }] }],
      },
    ]);
  });

  it('is left to people where the repo does not ask', async () => {
    const story = await convergedStory();
    await fail(story, {});
    expect(story.test.reverts).toEqual([]);
  });

  it.each(['Revert "Lower the queue"', "Merge branch 'muster/revert-1a2b3c4' into 'main'"])(
    'is not taken back when it is a revert itself: %s',
    async (subject) => {
      const story = await convergedStory({}, { ...asked, ...edgeFiles('5s') });
      await fail(story, asked, subject);
      expect(story.test.reverts).toEqual([]);
    },
  );

  it('is not taken back once a later commit changes the config', async () => {
    const story = await convergedStory({}, { ...asked, ...edgeFiles('5s') });
    const { test, fleet } = story;
    await test.commit({ ...asked, ...edgeFiles('66s') });
    await fleet.run(1, () => 'ignore');
    await test.commit({ ...asked, ...edgeFiles('7s') });
    await fleet.run(120, refuse);
    expect(fleet.running('7s')).toHaveLength(200);
    expect(test.reverts).toEqual([]);
  });
});
