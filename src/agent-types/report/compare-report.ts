import type { Difference, EffectiveVerdict } from '../../model/index.ts';
import type { AgentTypeAdapter } from '../adapter.ts';
import { maxDifferences } from '../compare/compare-trees.ts';
import { unreadable } from '../compare/unreadable.ts';
import type { RedactedReport } from './redact-report.ts';
import type { DesiredEntry, ReportEntry } from './report-entry.ts';

/** From the best to the worst; the worst entry decides. */
const order: readonly EffectiveVerdict['verdict'][] = ['in-sync', 'drift', 'unreadable', 'wrong-config'];

/**
 * Judges a whole report against the entries that an agent should run. What only the agent has does not count; where there
 * are several entries, paths of differences begin with the key. At most 50 differences.
 */
export function compareReport(
  adapter: AgentTypeAdapter,
  desired: readonly DesiredEntry[],
  report: RedactedReport,
): EffectiveVerdict {
  const verdicts = desired.map((entry) => {
    const verdict = judgeEntry(adapter, entry, report);
    return adapter.entries === 'one' ? verdict : withKey(entry.key, verdict);
  });
  const [first, ...others] = verdicts;
  if (!first) return unreadable;
  const worst = others.reduce((a, b) => (rank(b) > rank(a) ? b : a), first);
  const differences = verdicts.flatMap((verdict) => verdict.differences).slice(0, maxDifferences);
  return { ...worst, differences };
}

function judgeEntry(
  adapter: AgentTypeAdapter,
  desired: DesiredEntry,
  report: RedactedReport,
): EffectiveVerdict {
  const found = findEntry(adapter, desired.key, report.entries);
  if (!found) return adapter.judgeMissing?.(desired.key, desired.tree) ?? unreadable;
  if (report.unreadable.includes(found.key)) {
    return { ...unreadable, reason: 'the reported config cannot be read' };
  }
  return adapter.compare(desired.tree, found.text);
}

/** A config without a name is found whatever the agent calls the only one that it has. */
function findEntry(
  adapter: AgentTypeAdapter,
  key: string,
  entries: readonly ReportEntry[],
): ReportEntry | undefined {
  if (adapter.entries === 'one') return entries[0];
  const only = key === '' && entries.length === 1 ? entries[0] : undefined;
  return entries.find((entry) => entry.key === key) ?? only;
}

function rank({ verdict }: EffectiveVerdict): number {
  return order.indexOf(verdict);
}

function withKey(key: string, verdict: EffectiveVerdict): EffectiveVerdict {
  if (key === '') return verdict;
  const differences = verdict.differences.map(
    (one): Difference => ({ ...one, path: one.path === '' ? key : `${key}::${one.path}` }),
  );
  const isNamed = verdict.reason === undefined || verdict.reason.includes(key);
  return isNamed
    ? { ...verdict, differences }
    : { ...verdict, differences, reason: `${key}: ${verdict.reason}` };
}
