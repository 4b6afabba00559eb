import { describe, expect, it } from 'vitest';
import { validateRepo } from '../../../src/validation/index.ts';
import { createMemoryRepo, readFolder } from '../../support/memory-repo.ts';

const example = readFolder(new URL('../../../fleet-repo-example', import.meta.url).pathname);
const now = Date.UTC(2026, 10, 22);

function decode(bytes: Uint8Array | undefined): string {
  return new TextDecoder().decode(bytes);
}

describe('the example repo', () => {
  const snapshot = validateRepo({ ...createMemoryRepo(example), now });

  it('has two tenants, and nothing to mend', () => {
    expect([...snapshot.tenants.keys()]).toEqual(['acme', 'globex']);
    expect(snapshot.problems).toEqual([]);
  });

  it('offers both of them connection settings, a package and a rollout', () => {
    for (const { connections, packages, rollouts } of snapshot.tenants.values()) {
      expect(connections.map(({ name, tenant }) => [name, tenant])).toEqual([['default', undefined]]);
      expect(packages.map(({ name, rollout }) => [name, rollout])).toEqual([['otelcol', 'careful']]);
      expect([...rollouts.keys()].sort()).toEqual(['careful', 'gradual']);
    }
  });

  it('keeps every tenant to its policy', () => {
    const elsewhere = decode(example['tenants/acme/tenant.yaml']).replace('acme.example.com', 'evil.example');
    const files = { ...example, 'tenants/acme/tenant.yaml': elsewhere };
    const found = validateRepo({ ...createMemoryRepo(files), now }).problems;
    expect(found.map(({ code, tenant, config }) => [code, tenant, config])).toEqual([['FR061', 'acme', 'edge']]);
  });

  it('gives every tenant the default AgentConfig beside its own', () => {
    const configs = [...snapshot.tenants.values()].map((tenant) =>
      tenant.configs.map(({ name, priority, isDefault }) => [name, priority, isDefault]),
    );
    expect(configs).toEqual([
      [
        ['edge', 0, false],
        ['gateway', 0, false],
        ['host-baseline', -100, true],
      ],
      [
        ['host-baseline', -100, true],
        ['logs', 0, false],
      ],
    ]);
  });

  it('onboards a third tenant with one new file', () => {
    const files = { ...example, 'tenants/initech/tenant.yaml': 'kind: Tenant\nowners: ["@example/initech"]\n' };
    const next = validateRepo({ ...createMemoryRepo(files), now });
    expect([...next.tenants.keys()]).toEqual(['acme', 'globex', 'initech']);
    const initech = next.tenants.get('initech')!;
    expect(initech.hasErrors).toBe(false);
    expect(initech.configs.map(({ name }) => name)).toEqual(['host-baseline']);
    expect(initech.manifest.limits).toEqual({ maxAgents: 500, maxConfigBytes: 262144, maxFiles: 200 });
    for (const name of ['acme', 'globex']) {
      expect(next.tenants.get(name)?.inputsHash).toBe(snapshot.tenants.get(name)?.inputsHash);
    }
  });

  it('narrows a tenant’s limits to what the fleet grants', () => {
    expect(snapshot.tenants.get('acme')?.manifest.limits.maxAgents).toBe(200);
    expect(snapshot.tenants.get('globex')?.manifest.limits.maxAgents).toBe(500);
  });
});
