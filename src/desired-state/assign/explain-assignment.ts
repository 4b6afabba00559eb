import type {
  AgentConfig,
  Assignment,
  Labels,
  Position,
  Requirement,
  TenantSnapshot,
} from '../../model/index.ts';
import { explainSelector } from '../../selectors/index.ts';
import { createAssigner } from './assigner.ts';
import { hasExpired } from './match-overlays.ts';

/** Whether one overlay applies to an agent, and if not, why. */
export interface OverlayExplanation {
  readonly overlay: string;
  readonly applies: boolean;
  readonly expired: boolean;
  readonly failing?: Requirement;
}

/** Whether one AgentConfig matches an agent; `failing` is the first requirement that does not hold. */
export interface ConfigExplanation {
  readonly config: string;
  readonly at: Position;
  readonly priority: number;
  readonly matches: boolean;
  readonly failing?: Requirement;
  /** Empty where the AgentConfig does not match. */
  readonly overlays: readonly OverlayExplanation[];
}

/** What `muster why` tells: the assignment, and each AgentConfig in the order in which they compete. */
export interface AssignmentExplanation {
  readonly assignment: Assignment;
  readonly configs: readonly ConfigExplanation[];
}

/** Explains which AgentConfigs match an agent with these labels at `now`, highest priority first, then by name. */
export function explainAssignment(
  tenant: TenantSnapshot,
  labels: Labels,
  now: number,
): AssignmentExplanation {
  const ordered = tenant.configs.toSorted((a, b) => b.priority - a.priority || (a.name < b.name ? -1 : 1));
  return {
    assignment: createAssigner(tenant).assign(labels, now),
    configs: ordered.map((config) => explainConfig(config, labels, now)),
  };
}

function explainConfig(config: AgentConfig, labels: Labels, now: number): ConfigExplanation {
  const failing = explainSelector(config.selector, labels);
  const { name, at, priority } = config;
  if (failing) return { config: name, at, priority, matches: false, failing, overlays: [] };
  const overlays = config.overlays.map((overlay): OverlayExplanation => {
    const unmet = explainSelector(overlay.when, labels);
    const expired = hasExpired(overlay, now);
    const applies = !expired && unmet === undefined;
    return { overlay: overlay.name, applies, expired, ...(unmet && { failing: unmet }) };
  });
  return { config: name, at, priority, matches: true, overlays };
}
