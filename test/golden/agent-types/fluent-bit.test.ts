import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  agentTypes,
  compareReport,
  detectAgentType,
  redactReport,
} from '../../../src/agent-types/index.ts';
import { createAssigner, createRenderer } from '../../../src/desired-state/index.ts';
import { parseYaml, toPlain } from '../../../src/manifests/index.ts';
import { type Assigned, blobId, type ReportedFile, type TenantSnapshot } from '../../../src/model/index.ts';
import { validateRepo } from '../../../src/validation/index.ts';
import { createMemoryRepo, readFolder } from '../../support/memory-repo.ts';

// A wrapper that speaks OpAMP for Fluent Bit: named files of any syntax, which it writes out as they are and reports back.
const story = new URL('./fluent-bit/', import.meta.url).pathname;
const repo = createMemoryRepo(readFolder(join(story, 'repo')));
const now = Date.UTC(2026, 10, 22);
const snapshot = validateRepo({ ...repo, now });
const tenant: TenantSnapshot = snapshot.tenants.get('acme')!;
const renderer = createRenderer({ readBody: (_path, blob) => repo.readBlob(blobId(blob)), maxCacheEntries: 10 });
const agents = toPlain(
  parseYaml(readFileSync(join(story, 'agents.yaml')), 'agents.yaml').documents[0]!,
) as Readonly<Record<string, Readonly<Record<string, string>>>>;

function assign(name: string): Assigned {
  const assigned = createAssigner(tenant).assign(new Map(Object.entries(agents[name]!)), now);
  if (assigned.kind !== 'assigned') throw new Error(`${name} is ${assigned.kind}`);
  return assigned;
}

function filesFor(name: string): readonly ReportedFile[] {
  const result = renderer.render(tenant, assign(name));
  if (result.kind === 'held') throw new Error(result.reason);
  return result.config.files;
}

describe('the fleet repo of a Fluent Bit fleet', () => {
  it('has nothing to mend', () => {
    expect(snapshot.problems).toEqual([]);
  });

  it('cannot have its type from what the agent says', () => {
    const identifying = [{ key: 'service.name', value: 'fluent-bit' }];
    expect(detectAgentType({ identifying, nonIdentifying: [] })).not.toBe('raw');
  });
});

describe.each(Object.keys(agents))('%s', (name) => {
  it('gets every file as it was committed, but for variables', async () => {
    const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
    expect(filesFor(name).map(({ key, contentType }) => [key, contentType])).toEqual([
      ['fluent-bit.conf', 'text/plain'],
      ['parsers.conf', 'text/plain'],
      ['outputs.yaml', 'application/yaml'],
    ]);
    for (const { key, body } of filesFor(name))
      await expect(decoder.decode(body)).toMatchFileSnapshot(join(story, 'expected', name, key));
  });

  it('is in sync with what it wrote, and drifts by the file that somebody changed', () => {
    const { files: desired } = renderer.renderTree(tenant, assign(name));
    const judge = (files: readonly ReportedFile[]) =>
      compareReport(agentTypes.raw, desired, redactReport(agentTypes.raw, files, desired));
    const reported = filesFor(name);
    expect(judge([...reported, { key: 'local.conf', contentType: '', body: new Uint8Array() }])).toEqual({
      verdict: 'in-sync',
      differences: [],
    });
    const changed = reported.map((file) =>
      file.key === 'parsers.conf' ? { ...file, body: new TextEncoder().encode('[PARSER]\n') } : file,
    );
    expect(judge(changed)).toMatchObject({
      verdict: 'drift',
      differences: [{ path: 'parsers.conf', setBy: { file: 'tenants/acme/fluent-bit/parsers.conf' } }],
    });
    expect(judge(reported.slice(1))).toMatchObject({
      verdict: 'drift',
      differences: [{ path: 'fluent-bit.conf', effective: '(absent)' }],
    });
  });
});
