import type { Plan, PlannedOverlap, Position } from '../../model/index.ts';
import { countText } from '../status-text.ts';
import { codeSpan } from './escape-markdown.ts';

/** One list of a plan: a heading of ours and a line per item. */
export interface PlanSection {
  readonly heading: string;
  readonly lines: readonly string[];
}

/** The lists of a plan that have anything in them, what takes something away from somebody first. */
export function planSections(plan: Plan): readonly PlanSection[] {
  const conflicts = plan.overlaps.filter(({ owner }) => owner === undefined);
  const overlaps = plan.overlaps.filter(({ owner }) => owner !== undefined);
  const sections: readonly PlanSection[] = [
    section('Does not merge', plan.conflicts, (file) => codeSpan(file)),
    section('Held by a guard until somebody approves', plan.held, heldLine),
    section('Removals', plan.removals, (item) => {
      const guarded = item.guarded ? ', held by the guard' : '';
      return `${name(item)} loses ${agents(item.agents)}${guarded}${at(item.at)}`;
    }),
    section('Left without a config', plan.unassigned, (item) => `${agents(item.agents)} of ${name(item)}`),
    section('Conflicts', conflicts, overlapLine),
    section('Problems', plan.problems, (item) => {
      return `${item.severity} ${codeSpan(item.code)}${at(item)}: ${codeSpan(item.message, 400)}`;
    }),
    section('Kept as they are until their errors are mended', plan.refused, (item) => {
      return `${codeSpan(item.tenant)}: ${countText(item.errors, 'error')}`;
    }),
    section('Cannot run it', plan.cannotRun, (item) => {
      return `${agents(item.agents)} of ${name(item)} lack ${item.missing
        .slice(0, 5)
        .map((one) => codeSpan(one))
        .join(', ')}`;
    }),
    section(
      'Held for another reason',
      plan.withheld,
      (item) => `${agents(item.agents)} of ${name(item)}: ${codeSpan(item.reason)}`,
    ),
    section('Credentials that go', plan.credentialsGoing, (item) => {
      return `${codeSpan(item.credential)} of ${codeSpan(item.tenant)}, used by ${agents(item.agents)}`;
    }),
    section(
      'First adoptions, with no way back',
      plan.firstAdoptions,
      (item) => `${agents(item.agents)} by ${name(item)}`,
    ),
    section('Owners that lose agents', plan.losingOwner, (item) => {
      return `${agents(item.agents)} of ${codeSpan(item.tenant)} go from ${codeSpan(item.from)} to ${codeSpan(item.to)}`;
    }),
    section('Findings', plan.findings, (item) => {
      return `${item.severity} ${codeSpan(item.code)} in ${name(item)}: ${codeSpan(item.message, 400)}`;
    }),
    section('Overlaps that a priority decides', overlaps, overlapLine),
    section('Selectors that match no agent', plan.orphanSelectors, (item) => {
      return `${name(item)}${at(item)}${item.matchedBefore ? ', which matched some before' : ''}`;
    }),
    section('Agents that change', plan.blast.byConfig, (item) => `${name(item)}: ${agents(item.agents)}`),
  ];
  return sections.filter(({ lines }) => lines.length > 0);
}

/** Items of one list that are told; the rest is counted. */
const maxLines = 20;

function section<Item>(heading: string, items: readonly Item[], toLine: (item: Item) => string): PlanSection {
  const lines = items.slice(0, maxLines).map(toLine);
  const left = items.length - lines.length;
  return { heading, lines: left > 0 ? [...lines, `and ${left} more`] : lines };
}

function heldLine({ tenant, reason }: Plan['held'][number]): string {
  return `${codeSpan(tenant)}: ${codeSpan(reason)}`;
}

function overlapLine({ tenant, configs, agents: count, owner, example }: PlannedOverlap): string {
  const named = configs
    .slice(0, 5)
    .map((config) => codeSpan(config))
    .join(' and ');
  const labels = Object.entries(example)
    .slice(0, 4)
    .map(([key, value]) => `${key}=${value}`)
    .join(', ');
  const such = labels === '' ? '' : `, such as ${codeSpan(labels)}`;
  const wins = owner === undefined ? '' : `; ${codeSpan(owner)} wins`;
  return `${named} of ${codeSpan(tenant)} both match ${agents(count)}${such}${wins}`;
}

function name({ tenant, config }: { readonly tenant: string; readonly config: string }): string {
  return codeSpan(`${tenant}/${config}`);
}

function agents(count: number): string {
  return countText(count, 'agent');
}

function at(position: Position | undefined): string {
  return position ? ` at ${codeSpan(`${position.file}:${position.line}:${position.column}`)}` : '';
}
