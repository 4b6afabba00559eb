import { getEntry } from '../manifests/index.ts';
import type { Limits, Policy, Problem, TenantManifest } from '../model/index.ts';
import { compileGlob, parseGlob } from '../selectors/index.ts';
import { type CredentialOwners, settleClaims } from './credential-claims.ts';
import type { TenantGrant } from './decode/fleet.ts';
import { narrowLimits, widerLimits } from './decode/limits.ts';
import { type DecodedTenant, decodeTenant } from './decode/tenant.ts';
import type { SourceDocument } from './discovery/classify-file.ts';
import { bindPolicies } from './granted-issuers.ts';
import type { PlacedDocuments } from './placement.ts';
import { repoProblem } from './problem.ts';

/** What the fleet lets one tenant do. */
export interface Granted {
  readonly limits: Limits;
  readonly kinds: ReadonlySet<string>;
  readonly policies: readonly Policy[];
}

/** The sum of the grants whose glob matches a tenant's name. */
export function grantsOf(name: string, grants: readonly TenantGrant[]): Granted {
  const matching = grants.filter(({ glob }) => parseGlob(glob).kind === 'glob' && compileGlob(glob)(name));
  return {
    limits: narrowLimits(matching.map(({ limits }) => limits)),
    kinds: new Set(matching.flatMap(({ kinds }) => kinds)),
    policies: matching.flatMap(({ policy }) => policy ?? []),
  };
}

/** Reads the manifests of all tenants and settles which of them each credential belongs to. */
export function readTenantManifests(
  byTenant: ReadonlyMap<string, PlacedDocuments>,
  grants: readonly TenantGrant[],
  inForce: CredentialOwners,
  isImplicit: boolean,
): ReadonlyMap<string, DecodedTenant> {
  const decoded = new Map<string, DecodedTenant>();
  for (const [name, { tenants }] of byTenant) {
    const granted = grantsOf(name, grants);
    const { manifest, problems } = readTenant(name, tenants, granted.limits, isImplicit);
    const bound = bindPolicies(manifest, granted.policies, isImplicit);
    decoded.set(name, { manifest: bound.manifest, problems: [...problems, ...bound.problems] });
  }
  const claims = settleClaims(
    new Map([...decoded].map(([name, { manifest }]) => [name, manifest.enrollment])),
    inForce,
  );
  return new Map(
    [...decoded].map(([name, { manifest, problems }]) => {
      const settled = claims.get(name) ?? { enrollment: [], problems: [] };
      const kept: TenantManifest = { ...manifest, enrollment: settled.enrollment };
      return [name, { manifest: kept, problems: [...problems, ...settled.problems] }];
    }),
  );
}

function readTenant(
  name: string,
  documents: readonly SourceDocument[],
  granted: Limits,
  isImplicit: boolean,
): DecodedTenant {
  const [document, ...others] = documents;
  if (!document)
    return { manifest: emptyTenant(name, granted), problems: isImplicit ? [] : [missingTenant(name)] };
  const { manifest, problems } = decodeTenant(document, name);
  const repeated = others.map(({ node }) =>
    repoProblem('FR010', node.at, `there already is a Tenant in ${document.file}`),
  );
  const limitsAt = getEntry(document.node, 'limits')?.key.at ?? document.node.at;
  const wider = widerLimits(manifest.limits, granted).map((key) =>
    repoProblem('FR036', limitsAt, `"${key}" is wider than the fleet grants; ${String(granted[key])} holds`),
  );
  const limits = narrowLimits([granted, manifest.limits]);
  return { manifest: { ...manifest, limits }, problems: [...problems, ...repeated, ...wider] };
}

function missingTenant(name: string): Problem {
  const at = { file: `tenants/${name}/tenant.yaml`, line: 1, column: 1 };
  return repoProblem('FR013', at, `tenant "${name}" has no tenant.yaml; add one with "kind: Tenant"`);
}

function emptyTenant(name: string, limits: Limits): TenantManifest {
  return {
    name,
    file: undefined,
    owners: [],
    enrollment: [],
    vars: new Map(),
    limits,
    policies: [],
    revoked: [],
  };
}
