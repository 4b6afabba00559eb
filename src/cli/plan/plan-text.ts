import { planSections } from '../../commit-status/index.ts';
import type { Plan } from '../../model/index.ts';
import { toPrintable } from '../table.ts';

export interface PlanTextOptions {
  readonly color: boolean;
  /** Whether imagined agents stand in for the fleet. */
  readonly imagined: boolean;
}

const maxDiffs = 20;
const maxDiffLines = 200;
const colors = { bold: 1, red: 31, green: 32, yellow: 33, cyan: 36 } as const;

/** A plan for a terminal: how far it reaches in one line, what takes something away first, then the changes. */
export function composePlanText(plan: Plan, { color, imagined }: PlanTextOptions): string {
  const paint = (name: keyof typeof colors, text: string) =>
    color ? `\u001b[${colors[name]}m${text}\u001b[0m` : text;
  const head = paint(plan.state === 'ok' ? 'bold' : 'red', summaryOf(plan, imagined));
  const sections = planSections(plan).map(({ heading, lines }) => {
    const told = lines.map((line) => `  ${toPrintable(line.replaceAll('`', ''))}`);
    return `${paint('bold', heading)}\n${told.join('\n')}`;
  });
  const diffs = plan.diffs.slice(0, maxDiffs).filter(({ diff }) => diff !== '');
  const changes = diffs.map(({ tenant, config, agents, diff }) => {
    const title = paint('bold', `${tenant}/${config} on ${count(agents, 'agent')}`);
    return `${title}\n${diffLines(diff, paint)}`;
  });
  const left = plan.diffs.length - diffs.length;
  const more = left > 0 ? [`${count(left, 'more distinct change')}; --format json has all`] : [];
  return `${[head, ...sections, ...changes, ...more].join('\n\n')}\n`;
}

function summaryOf(plan: Plan, imagined: boolean): string {
  const { blast, base, sha } = plan;
  if (plan.conflicts.length > 0)
    return `${base.slice(0, 7)} -> ${sha.slice(0, 7)}  conflict: it does not merge`;
  const kind = imagined ? 'example agent' : 'agent';
  const reach =
    blast.agents === 0
      ? `no ${kind} changes (${count(blast.ofAgents, kind)} known)`
      : `${blast.agents} of ${count(blast.ofAgents, kind)} in ${count(blast.tenants, 'tenant')} change`;
  const state = plan.state === 'ok' ? '' : `${plan.state}: `;
  return `${base.slice(0, 7)} -> ${sha.slice(0, 7)}  ${state}${reach}`;
}

function diffLines(diff: string, paint: (name: keyof typeof colors, text: string) => string): string {
  const lines = diff.trimEnd().split('\n');
  const shown = lines.slice(0, maxDiffLines).map((line) => {
    const text = `  ${toPrintable(line)}`;
    if (line.startsWith('+')) return paint('green', text);
    if (line.startsWith('-')) return paint('red', text);
    return line.startsWith('@@') ? paint('cyan', text) : text;
  });
  const left = lines.length - shown.length;
  return [...shown, ...(left > 0 ? [`  ... ${count(left, 'more line')}`] : [])].join('\n');
}

function count(amount: number, word: string): string {
  return `${amount} ${word}${amount === 1 ? '' : 's'}`;
}
