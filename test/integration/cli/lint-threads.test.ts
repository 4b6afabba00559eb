import { describe, expect, it } from 'vitest';
import type { LintedConfig } from '../../../src/validation/index.ts';
import { createRepoMemory, createRepoValidator } from '../../../src/validation/index.ts';
import { lintInThreads } from '../../../src/workers/index.ts';
import { contentOf } from '../../support/repo-content.ts';
import { collectorText } from '../../support/service.ts';

const now = Date.parse('2026-11-22T12:00:00Z');

/** A repo of one tenant with this many AgentConfigs over ten bodies. */
function repoOf(count: number): Readonly<Record<string, string>> {
  const files: Record<string, string> = { 'tenant.yaml': 'kind: Tenant\n' };
  for (let index = 0; index < 10; index += 1) files[`bodies/${index}.yaml`] = collectorText(`${index + 1}s`);
  for (let index = 0; index < count; index += 1)
    files[`config-${index}.yaml`] =
      `kind: AgentConfig\nselector: {matchLabels: {role: r${index}}}\nconfig: bodies/${index % 10}.yaml\n`;
  return files;
}

async function lint(count: number) {
  const content = contentOf(repoOf(count));
  const readBlob = (id: Parameters<typeof content.blobs.get>[0]) => content.blobs.get(id);
  const prepare = () =>
    createRepoValidator({ readBlob, memory: createRepoMemory() }).prepare({ content, now });
  const { jobs } = prepare();
  const results = new Map<string, LintedConfig>();
  await lintInThreads({ jobs, entries: content.entries, readBlob, now, results });
  return { jobs, results };
}

describe('linting in threads', () => {
  it('answers for every AgentConfig: no batch is lost between threads', async () => {
    const { jobs, results } = await lint(400);
    expect(jobs.size).toBe(400);
    expect([...results.keys()].sort()).toEqual([...jobs.keys()].sort());
  });

  it('leaves a few AgentConfigs to the caller, for whom a thread would come too late', async () => {
    const { jobs, results } = await lint(20);
    expect(jobs.size).toBe(20);
    expect(results.size).toBe(0);
  });
});
