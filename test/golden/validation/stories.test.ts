import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { Snapshot, TenantSnapshot } from '../../../src/model/index.ts';
import { credentialClaim, formatProblems, validateRepo } from '../../../src/validation/index.ts';
import { createMemoryRepo, readFolder } from '../../support/memory-repo.ts';

const now = Date.UTC(2026, 10, 22);
const folder = fileURLToPath(new URL('stories/', import.meta.url));

function validateStory(name: string, inForce?: ReadonlyMap<string, string>): Snapshot {
  const files = readFolder(`${folder}${name}/repo`);
  return validateRepo({ ...createMemoryRepo(files), now, ...(inForce ? { inForce } : {}) });
}

/** What `muster validate` prints, and what reaches each tenant. */
function tell(snapshot: Snapshot): string {
  const tenants = [...snapshot.tenants.values()].map(describeTenant);
  return `${formatProblems(snapshot.problems, 'text')}\n${tenants.join('\n')}\n`;
}

function describeTenant(tenant: TenantSnapshot): string {
  const { name, hasErrors, manifest, connections, packages, rollouts, configs, fleet } = tenant;
  const names = (objects: Iterable<{ readonly name: string }>) =>
    [...objects].map((one) => one.name).join(', ') || 'none';
  return `${name}: ${hasErrors ? 'keeps its last good revision' : 'comes in force'}
  connections ${names(connections)} · packages ${names(packages)} · rollouts ${names(rollouts.values())}
  configs ${names(configs)} · enrollment ${names(manifest.enrollment)} · freezes ${fleet.freezes.length}`;
}

// Run with `-u` to write the expectations anew.
describe('stories of a fleet repo', () => {
  it.each(readdirSync(folder))('%s', async (name) => {
    await expect(tell(validateStory(name))).toMatchFileSnapshot(`${folder}${name}/expected.txt`);
  });

  it('a hostile newcomer leaves the credentials of whoever had them alone', () => {
    const name = 'hostile-enrollment';
    const files = readFolder(`${folder}${name}/repo`);
    const honest = Object.fromEntries(Object.entries(files).filter(([path]) => !path.includes('evil')));
    const before = validateRepo({ ...createMemoryRepo(honest), now }).tenants.get('acme')!;
    const owners = new Map(before.manifest.enrollment.map((entry) => [credentialClaim(entry), 'acme']));
    const after = validateStory(name, owners);
    expect(after.tenants.get('acme')).toMatchObject({ hasErrors: false, problems: [] });
    expect(after.tenants.get('acme')?.manifest.enrollment).toEqual(before.manifest.enrollment);
    expect(after.tenants.get('evil')?.manifest.enrollment).toEqual([]);
  });
});
