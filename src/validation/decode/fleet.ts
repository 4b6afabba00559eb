import { getEntry } from '../../manifests/index.ts';
import type {
  FleetLabelRule,
  FleetManifest,
  Guard,
  Limits,
  Policy,
  Position,
  Problem,
  Severity,
} from '../../model/index.ts';
import { parseGlob } from '../../selectors/index.ts';
import type { SourceDocument } from '../discovery/classify-file.ts';
import { repoProblem } from '../problem.ts';
import { resolvePath } from '../references/resolve-path.ts';
import { collectorRules, settableRules } from '../rules/index.ts';
import { entriesOf, isTrue, itemsOf, numberOf, scalarsOf, textMapOf, textsOf, varsOf } from './fields.ts';
import { freezesOf } from './freezes.ts';
import { limitsOf } from './limits.ts';
import { policyOf } from './policy.ts';
import { selectorOf } from './selector.ts';

/** What tenants whose name matches `glob` may do. */
export interface TenantGrant {
  readonly glob: string;
  readonly limits: Limits;
  readonly kinds: readonly string[];
  readonly policy?: Policy;
}

/** A folder in `sharedPaths`. */
export interface SharedPath {
  readonly path: string;
  readonly at: Position;
}

/** A path or glob in `defaults`. */
export interface DefaultPattern {
  readonly pattern: string;
  readonly at: Position;
}

/** `fleet.yaml` in full: the manifest that deciding needs, and what validation alone needs. */
export interface DecodedFleet {
  readonly manifest: FleetManifest;
  readonly sharedPaths: readonly SharedPath[];
  readonly defaults: readonly DefaultPattern[];
  readonly grants: readonly TenantGrant[];
  readonly problems: readonly Problem[];
}

const defaultGuard: Guard = { percent: 20, agents: 3 };

/** What a repo without `fleet.yaml` has. */
export const emptyFleet: DecodedFleet = {
  manifest: {
    file: undefined,
    vars: new Map(),
    sharedPaths: [],
    agentVars: [],
    rules: new Map(),
    labels: [],
    guard: defaultGuard,
    approve: [],
    freezes: [],
    revertPullRequest: false,
  },
  sharedPaths: [],
  defaults: [],
  grants: [],
  problems: [],
};

/** Reads a Fleet; what does not have the right form falls back to its default, with the schema's problem. */
export function decodeFleet({ node, file }: SourceDocument): DecodedFleet {
  const problems: Problem[] = [];
  const guard = getEntry(node, 'guard')?.value;
  const sharedPaths = readSharedPaths(node, problems);
  const manifest: FleetManifest = {
    file,
    vars: varsOf(node),
    sharedPaths: sharedPaths.map(({ path }) => path),
    agentVars: textsOf(node, 'agentVars'),
    rules: readRules(node, problems),
    labels: readLabels(node, problems),
    guard: {
      percent: numberOf(guard, 'percent') ?? defaultGuard.percent,
      agents: numberOf(guard, 'agents') ?? defaultGuard.agents,
    },
    approve: textsOf(node, 'approve'),
    freezes: freezesOf(node, problems),
    revertPullRequest: isTrue(node, 'revertPullRequest'),
  };
  const defaults = readDefaults(node, problems);
  return { manifest, sharedPaths, defaults, grants: readGrants(node, problems), problems };
}

function readSharedPaths(node: SourceDocument['node'], problems: Problem[]): readonly SharedPath[] {
  const paths: SharedPath[] = [];
  for (const { text, at } of scalarsOf(node, 'sharedPaths')) {
    const resolved = resolvePath(text.replace(/\/$/, ''), 'fleet.yaml');
    const fault = 'fault' in resolved ? resolved.fault : tenantsFault(resolved.path);
    if (fault === undefined && 'path' in resolved) paths.push({ path: resolved.path, at });
    else problems.push(repoProblem('FR022', at, `"${text}" cannot be shared: ${fault}`));
  }
  return paths;
}

function tenantsFault(path: string): string | undefined {
  return path === 'tenants' || path.startsWith('tenants/') ? 'folders of tenants are their own' : undefined;
}

function readRules(node: SourceDocument['node'], problems: Problem[]): ReadonlyMap<string, Severity | 'off'> {
  const rules = new Map<string, Severity | 'off'>();
  for (const { key, value } of entriesOf(node, 'rules')) {
    if (value.kind !== 'scalar') continue;
    if (settableRules.has(key.text)) rules.set(key.text, value.text as Severity | 'off');
    else problems.push(ruleProblem(key.text, key.at));
  }
  return rules;
}

function ruleProblem(code: string, at: Position): Problem {
  if (collectorRules.some((rule) => rule.code === code)) {
    return repoProblem('FR039', at, `"${code}" cannot be set: what it finds leaves nothing safe to deliver`);
  }
  return repoProblem('FR039', at, `there is no rule "${code}"; docs/rules.md lists them`);
}

function readLabels(node: SourceDocument['node'], problems: Problem[]): readonly FleetLabelRule[] {
  return itemsOf(node, 'labels').flatMap((item) => {
    const selector = selectorOf(item, 'selector', problems);
    const set = textMapOf(item, 'set');
    for (const { key } of entriesOf(item, 'set')) {
      if (['fleet.tenant', 'fleet.uid', 'fleet.type'].includes(key.text)) {
        problems.push(repoProblem('FR006', key.at, `"${key.text}" is set by the server itself`));
      }
    }
    return selector ? [{ selector, set }] : [];
  });
}

function readDefaults(node: SourceDocument['node'], problems: Problem[]): readonly DefaultPattern[] {
  return scalarsOf(node, 'defaults').flatMap(({ text, at }) => {
    const resolved = resolvePath(text, 'fleet.yaml');
    const fault = 'fault' in resolved ? resolved.fault : tenantsFault(resolved.path);
    if (fault === undefined && 'path' in resolved) return [{ pattern: resolved.path, at }];
    problems.push(repoProblem('FR022', at, `"${text}" cannot be a default: ${fault}`));
    return [];
  });
}

function readGrants(node: SourceDocument['node'], problems: Problem[]): readonly TenantGrant[] {
  return entriesOf(node, 'tenants').map(({ key, value }) => {
    const policy = policyOf(value, problems);
    const glob = parseGlob(key.text);
    if (glob.kind === 'fault')
      problems.push(repoProblem('FR006', key.at, `"${key.text}" is not a glob: ${glob.fault}`));
    const kinds = textsOf(value, 'kinds');
    return { glob: key.text, limits: limitsOf(value), kinds, ...(policy && { policy }) };
  });
}
