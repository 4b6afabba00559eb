import { createFirstFew, type FleetReport, type ReportedAgent, type TenantReport } from '../model/index.ts';
import { byTenantAndUid, layOutMember, layOutReport, lineOverhead, orderedReport } from './report-layout.ts';

/** Failures named per tenant once a report is cut. */
const maxFailures = 20;
/** Agents that are looked at in one go. */
const sliceSize = 1_000;
/** No agent's line takes fewer bytes. */
export const leastAgentBytes = 60;

/**
 * A report cut to `maxBytes` when laid out: tenants first, failing ones before the others, then failing agents and
 * one sample per distinct config, then their effective configs; each as far as there is room.
 */
export async function cutReport(
  report: FleetReport,
  maxBytes: number,
  breathe: () => Promise<void>,
): Promise<FleetReport> {
  const empty: FleetReport = { ...report, tenants: {}, agents: [], effectiveConfigs: {}, truncated: true };
  const room = createRoom(maxBytes - byteLength(layOutReport(empty)));
  const ordered = orderedReport({ ...report, agents: [], effectiveConfigs: {} });
  const tenants = fill(
    room,
    Object.entries(ordered.tenants).map(shorten).sort(worstTenantFirst),
    layOutMember,
  );
  const most = Math.ceil(maxBytes / leastAgentBytes);
  const candidates = await sampleAgents(report.agents, { failing: failingUids(report), most, breathe });
  const agents = fill(room, candidates, (agent) => JSON.stringify(agent));
  const configs = fill(room, configsOf(agents, report.effectiveConfigs), layOutMember);
  return orderedReport({
    ...empty,
    tenants: Object.fromEntries(tenants),
    agents,
    effectiveConfigs: Object.fromEntries(configs),
  });
}

interface Room {
  /** Whether the line fits; if so its bytes are taken. */
  take(line: string): boolean;
}

function createRoom(bytes: number): Room {
  let left = bytes;
  return {
    take(line) {
      const cost = byteLength(line) + lineOverhead;
      if (cost > left) return false;
      left -= cost;
      return true;
    },
  };
}

function fill<T>(room: Room, items: readonly T[], layOut: (item: T) => string): T[] {
  return items.filter((item) => room.take(layOut(item)));
}

function byteLength(text: string): number {
  return new TextEncoder().encode(text).byteLength;
}

function shorten([name, tenant]: [string, TenantReport]): [string, TenantReport] {
  return [name, { ...tenant, failures: tenant.failures.slice(0, maxFailures) }];
}

/** Stable, so that equals stay in name order. */
function worstTenantFirst(a: [string, TenantReport], b: [string, TenantReport]): number {
  return Number(isGood(a[1])) - Number(isGood(b[1]));
}

function isGood(tenant: TenantReport): boolean {
  return tenant.state === 'success' || tenant.state === 'pending';
}

function failingUids(report: FleetReport): ReadonlySet<string> {
  return new Set(Object.values(report.tenants).flatMap(({ failures }) => failures.map(({ uid }) => uid)));
}

interface Sampling {
  readonly failing: ReadonlySet<string>;
  /** Agents of each kind that can be of use. */
  readonly most: number;
  readonly breathe: () => Promise<void>;
}

/** Failing agents, then the first agent of each AgentConfig and pair of desired and effective config. */
async function sampleAgents(
  agents: readonly ReportedAgent[],
  { failing, most, breathe }: Sampling,
): Promise<readonly ReportedAgent[]> {
  const failed = createFirstFew(most, byTenantAndUid);
  const root: SampleNode = { next: new Map() };
  const sampled: SampleNode[] = [];
  for (const [index, agent] of agents.entries()) {
    if (index % sliceSize === 0) await breathe();
    if (isFailing(agent, failing)) {
      failed.offer(agent);
      continue;
    }
    const { tenant, config = '', desiredHash = '', effectiveHash = '' } = agent;
    const node = nodeAt(root, [tenant, config, desiredHash, effectiveHash]);
    if (!node.sample) sampled.push(node);
    if (!node.sample || byTenantAndUid(agent, node.sample) < 0) node.sample = agent;
  }
  const samples = createFirstFew(most, byTenantAndUid);
  for (const [index, { sample }] of sampled.entries()) {
    if (index % sliceSize === 0) await breathe();
    if (sample) samples.offer(sample);
  }
  return [...failed.items, ...samples.items];
}

/** A tree of texts: one text made of all of them would be written and hashed anew for every agent of a large fleet. */
interface SampleNode {
  readonly next: Map<string, SampleNode>;
  sample?: ReportedAgent;
}

function nodeAt(root: SampleNode, path: readonly string[]): SampleNode {
  let node = root;
  for (const part of path) {
    const next: SampleNode = node.next.get(part) ?? { next: new Map() };
    node.next.set(part, next);
    node = next;
  }
  return node;
}

function isFailing(agent: ReportedAgent, failing: ReadonlySet<string>): boolean {
  return agent.delivery === 'failed' || agent.delivery === 'conflict' || failing.has(agent.uid);
}

function configsOf(
  agents: readonly ReportedAgent[],
  configs: Readonly<Record<string, string>>,
): readonly [string, string][] {
  const hashes = new Set(agents.flatMap(({ effectiveHash }) => effectiveHash ?? []));
  return [...hashes].flatMap((hash): [string, string][] => {
    const text = configs[hash];
    return text === undefined ? [] : [[hash, text]];
  });
}
