import {
  type AgentConfig,
  type Assigned,
  type Assignment,
  createLruMap,
  type Labels,
  type LruMap,
  type TenantSnapshot,
} from '../../model/index.ts';
import {
  compileVersionRange,
  createSelectorIndex,
  isVersionRange,
  matchSelector,
} from '../../selectors/index.ts';
import { readAgentVars } from './agent-vars.ts';
import { matchOverlays } from './match-overlays.ts';
import { computeRenderKey } from './render-key.ts';

/** Assigns agents of one tenant to its AgentConfigs (fleet-repo: From agent to config, 1 to 3). */
export interface Assigner {
  /** `now` is in milliseconds since the epoch; overlays that have expired by then do not apply. */
  assign(labels: Labels, now: number): Assignment;
  /** What one AgentConfig would give an agent, whichever owns it; undefined where it does not select the agent. */
  assignWithin(config: string, labels: Labels, now: number): Assignment | undefined;
}

interface Candidate {
  readonly config: AgentConfig;
  readonly meetsVersion: ((version: string) => boolean) | undefined;
}

/** Distinct assignments kept, so that equal ones of many agents are one object. */
const maxInterned = 20_000;

/** An assigner for one tenant's snapshot; make it once, an assignment then costs microseconds. */
export function createAssigner(tenant: TenantSnapshot): Assigner {
  const index = createSelectorIndex(tenant.configs.map((config) => config.selector));
  const candidates = tenant.configs.map((config): Candidate => {
    const range = config.requires.version;
    const meetsVersion =
      range !== undefined && isVersionRange(range) ? compileVersionRange(range) : undefined;
    return { config, meetsVersion };
  });
  const byName = new Map(candidates.map((candidate) => [candidate.config.name, candidate]));
  const interned = createLruMap<string, Assigned>(maxInterned);
  return {
    assign(labels, now) {
      const owners = keepHighestPriority(index.match(labels).map((position) => candidates[position]!));
      const [owner, other] = owners;
      if (!owner) return { kind: 'unmanaged' };
      if (other) return { kind: 'conflict', configs: owners.map(({ config }) => config.name) };
      return assignTo(owner, tenant, labels, now, interned);
    },
    assignWithin(name, labels, now) {
      const owner = byName.get(name);
      if (!owner || !matchSelector(owner.config.selector, labels)) return undefined;
      return assignTo(owner, tenant, labels, now, interned);
    },
  };
}

function keepHighestPriority(matching: readonly Candidate[]): readonly Candidate[] {
  const highest = Math.max(...matching.map(({ config }) => config.priority));
  return matching.filter(({ config }) => config.priority === highest);
}

function assignTo(
  owner: Candidate,
  tenant: TenantSnapshot,
  labels: Labels,
  now: number,
  interned: LruMap<string, Assigned>,
): Assignment {
  const { config, meetsVersion } = owner;
  const held = (reason: string, lacks: string): Assignment => {
    return { kind: 'held', config: config.name, reason, lacks };
  };
  if (meetsVersion) {
    const wanted = `version ${config.requires.version}`;
    const version = labels.get('service.version');
    if (typeof version !== 'string') return held(`requires ${wanted}; the agent reports none`, wanted);
    if (!meetsVersion(version)) return held(`requires ${wanted}; the agent is ${version}`, wanted);
  }
  const overlays = matchOverlays(config, labels, now);
  const vars = readAgentVars(config, tenant.fleet.agentVars, overlays, labels);
  if (vars.missing !== undefined)
    return held(
      `the agent does not report ${vars.missing}, which its config uses`,
      `attribute ${vars.missing}`,
    );
  // Equal assignments of many agents are one object, and their key is hashed once.
  const token = JSON.stringify([config.name, overlays, vars.values]);
  const known = interned.get(token);
  if (known) return known;
  const renderKey = computeRenderKey(config.inputsHash, overlays, vars.values);
  const assigned: Assigned = {
    kind: 'assigned',
    config: config.name,
    overlays,
    agentVars: vars.values,
    renderKey,
  };
  interned.set(token, assigned);
  return assigned;
}
