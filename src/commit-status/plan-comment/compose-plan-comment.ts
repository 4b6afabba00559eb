import type { Plan, PlannedDiff } from '../../model/index.ts';
import { cutMarkdown } from '../cut-markdown.ts';
import type { CommentFormat } from '../pull-request-comments.ts';
import { countText, shortSha } from '../status-text.ts';
import { codeSpan, fencedBlock, htmlText } from './escape-markdown.ts';
import { type PlanSection, planSections } from './plan-sections.ts';

export interface PlanCommentOptions {
  readonly format: CommentFormat;
  /** The page with the whole plan; none without a public URL. */
  readonly wholeUrl?: string;
}

/**
 * A plan as Markdown for a pull request: one sentence, then what is taken away from anybody, then the rest, then
 * diffs as far as there is room. Words of users are code spans or fenced, so that none is markup, mention or link.
 */
export function composePlanComment(plan: Plan, options: PlanCommentOptions): string {
  const { format, wholeUrl } = options;
  const head = [`### Muster plan for \`${shortSha(plan.sha)}\``, summarySentence(plan), linkLine(wholeUrl)];
  const sections = planSections(plan).map(sectionText);
  const text = [...head, ...sections].filter((part) => part !== '').join('\n\n');
  const room = format.maxBytes - reserve - Buffer.byteLength(text);
  const whole = [text, ...diffTexts(plan, format, room), footer(plan)]
    .filter((part) => part !== '')
    .join('\n\n');
  return cutMarkdown(`${whole}\n`, format.maxBytes - markerReserve, wholeUrl);
}

/** Bytes for the footer, the notice of what is left out and the marker. */
const reserve = 800;
const markerReserve = 160;
const maxDiffs = 30;
const maxDiffBytes = 16_000;

function summarySentence(plan: Plan): string {
  const { blast } = plan;
  if (plan.conflicts.length > 0)
    return `${stateWord(plan)}It does not merge with \`${shortSha(plan.base)}\`, so that nothing else is known.`;
  const reach =
    blast.agents === 0
      ? `No agent gets another config (${countText(blast.ofAgents, 'agent')} known).`
      : `**${blast.agents} of ${countText(blast.ofAgents, 'agent')} in ${countText(blast.tenants, 'tenant')} get another config.**`;
  return `${stateWord(plan)}${reach} Compared with \`${shortSha(plan.base)}\`.`;
}

function stateWord(plan: Plan): string {
  switch (plan.state) {
    case 'ok':
      return plan.held.length > 0 ? '**Held by a guard.** ' : '';
    case 'conflict':
      return '**Conflict.** ';
    case 'error':
      return '**Problems.** ';
  }
}

function linkLine(wholeUrl: string | undefined): string {
  return wholeUrl === undefined ? '' : `[The whole plan](<${wholeUrl}>)`;
}

function sectionText({ heading, lines }: PlanSection): string {
  return `#### ${heading}\n\n${lines.map((line) => `- ${line}`).join('\n')}`;
}

/** Diffs that fit, each cut to a share, then how many were left out. */
function diffTexts(plan: Plan, format: CommentFormat, room: number): readonly string[] {
  const shown = plan.diffs.filter(({ diff }) => diff !== '');
  const texts: string[] = [];
  let left = room;
  for (const diff of shown.slice(0, maxDiffs)) {
    const text = diffText(diff, format);
    left -= Buffer.byteLength(text) + 2;
    if (left < 0) break;
    texts.push(text);
  }
  const missing = plan.diffs.length - texts.length;
  if (missing > 0) texts.push(`${countText(missing, 'distinct change')} not shown here.`);
  return texts.length > 0 ? ['#### Changes', ...texts] : [];
}

function diffText(change: PlannedDiff, { folds }: CommentFormat): string {
  const name = `${change.tenant}/${change.config}`;
  const on = `on ${countText(change.agents, 'agent')}`;
  const block = fencedBlock(cutDiff(change.diff), 'diff');
  if (!folds) return `${codeSpan(name)} ${on}\n\n${block}`;
  return `<details><summary><code>${htmlText(name)}</code> ${on}</summary>\n\n${block}\n\n</details>`;
}

function cutDiff(diff: string): string {
  if (Buffer.byteLength(diff) <= maxDiffBytes) return diff;
  const lines: string[] = [];
  let bytes = 0;
  for (const line of diff.split('\n')) {
    bytes += Buffer.byteLength(line) + 1;
    if (bytes > maxDiffBytes) break;
    lines.push(line);
  }
  return `${lines.join('\n')}\n... cut to fit`;
}

function footer(plan: Plan): string {
  const cut = plan.truncated ? ' Lists are cut to their most important items.' : '';
  return `Planned at ${codeSpan(plan.plannedAt, 40)} for the fleet as it was then.${cut}`;
}
