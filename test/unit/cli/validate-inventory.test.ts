import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Problem } from '../../../src/model/index.ts';
import { runCommand } from '../../support/console.ts';
import { makeTemporaryDir } from '../../support/git-repo.ts';
import { collectorText } from '../../support/service.ts';

const folder = makeTemporaryDir();
afterAll(() => folder.remove());

const files = {
  'tenants/acme/tenant.yaml': 'kind: Tenant\n',
  'tenants/acme/edge.yaml': 'kind: AgentConfig\nselector: {matchLabels: {role: edge}}\nconfig: body.yaml\n',
  'tenants/acme/east.yaml': 'kind: AgentConfig\nselector: {matchLabels: {zone: east}}\nconfig: body.yaml\n',
  'tenants/acme/body.yaml': collectorText(),
};

function agent(uid: string, labels: object, build: object = {}) {
  return { uid, tenant: 'acme', host: `host-${uid}`, labels, build };
}

async function validate(items: readonly object[], builds: object = {}) {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder.path, path)), { recursive: true });
    writeFileSync(join(folder.path, path), text);
  }
  writeFileSync(join(folder.path, 'inventory.json'), JSON.stringify({ items, builds }));
  const { out, exit } = await runCommand(['validate', '--format', 'json', '--inventory', 'inventory.json'], {
    directory: folder.path,
  });
  const problems = (JSON.parse(out) as { problems: readonly Problem[] }).problems;
  return { exit, problems: problems.filter(({ message }) => /agents? /.test(message)) };
}

describe('validate --inventory', () => {
  it('finds nothing where every agent has one owner and a build that runs it', async () => {
    const full = ['receiver/otlp', 'processor/batch', 'exporter/debug'];
    const result = await validate([agent('1', { role: 'edge' }, { components: 'a' })], { a: full });
    expect(result.problems.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(result.exit).toBe(0);
  });

  it('names the agents that two AgentConfigs would claim', async () => {
    const both = { role: 'edge', zone: 'east' };
    const agents = ['1', '2', '3', '4'].map((uid) => agent(uid, both));
    const { exit, problems } = await validate([...agents, agent('5', { role: 'edge' })]);
    expect(exit).toBe(1);
    const overlap = problems.find(({ code, severity }) => code === 'FR035' && severity === 'error');
    expect(overlap).toMatchObject({
      file: 'tenants/acme/edge.yaml',
      line: 1,
      tenant: 'acme',
      config: 'edge',
    });
    expect(overlap?.message).toContain(
      '"east" and "edge" have priority 0 and match 4 agents of the inventory: host-1, host-2, host-3 and 1 more',
    );
  });

  it('names the agents whose own build cannot run their config', async () => {
    const poor = { components: 'poor' };
    const agents = [agent('1', { role: 'edge' }, poor), agent('2', { role: 'edge' }, poor)];
    const { exit, problems } = await validate(agents, { poor: ['receiver/otlp', 'processor/batch'] });
    expect(exit).toBe(1);
    expect(problems.find(({ code }) => code === 'OC020')).toMatchObject({
      severity: 'error',
      file: 'tenants/acme/edge.yaml',
      message: expect.stringContaining('2 of 2 agents cannot run it: no exporter/debug'),
    });
  });
});
