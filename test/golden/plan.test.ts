import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Plan } from '../../src/model/index.ts';
import { runCommand } from '../support/console.ts';
import { makeRepo, makeTemporaryDir } from '../support/git-repo.ts';
import { planStory } from '../support/plan-story.ts';

const folder = makeTemporaryDir();
const directory = join(folder.path, 'fleet');
afterAll(() => folder.remove());

beforeAll(() => {
  const repo = makeRepo(directory);
  repo.commit(planStory.base, 'Base');
  repo.git('checkout', '--quiet', '-b', 'change');
  repo.commit(planStory.head, 'Change');
  repo.git('checkout', '--quiet', 'main');
  writeFileSync(join(folder.path, 'inventory.json'), planStory.inventory);
});

/** Commits and times differ from run to run. */
function settled(text: string): string {
  return text
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<time>')
    .replace(/"(sha|base)": "[0-9a-f]{40}"/g, '"$1": "<sha>"')
    .replace(/^[0-9a-f]{7} -> [0-9a-f]{7}/m, '<base> -> <head>')
    .replace(/`[0-9a-f]{7}`/g, '`<sha>`');
}

describe('the plan of a pull request with something of everything', () => {
  const args = ['plan', '--base', 'main', '--head', 'change', '--inventory', '../inventory.json'];

  it.each(['text', 'markdown', 'json'])('as %s', async (format) => {
    const { out, err, exit } = await runCommand([...args, '--format', format], { directory });
    expect({ err, exit }).toEqual({ err: '', exit: 0 });
    await expect(settled(out)).toMatchFileSnapshot(`plan/showcase.${format}`);
  });

  it('shows no value under a secret name', async () => {
    const { out } = await runCommand([...args, '--format', 'json'], { directory });
    const { diffs } = JSON.parse(out) as Plan;
    expect(diffs.map(({ diff }) => diff).join()).toContain('authorization: "[REDACTED]"');
    expect(diffs.map(({ diff }) => diff).join()).not.toContain('BACKEND_TOKEN');
  });
});
