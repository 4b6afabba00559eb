import type { ReportedFile } from '../../model/index.ts';
import type { AgentTypeAdapter } from '../adapter.ts';
import type { DesiredEntry, ReportEntry } from './report-entry.ts';

/** A report with every secret masked, in the order of its keys. */
export interface RedactedReport {
  readonly entries: readonly ReportEntry[];
  /** Keys of entries that could not be read; nothing of them is kept. */
  readonly unreadable: readonly string[];
}

/** Redacts a report entry by entry, each with what is desired under its key as a hint, and texts of `secrets` everywhere. */
export function redactReport(
  adapter: AgentTypeAdapter,
  files: readonly ReportedFile[],
  desired: readonly DesiredEntry[] = [],
  secrets: readonly string[] = [],
): RedactedReport {
  const unreadable: string[] = [];
  const entries = selectEntries(adapter, files).map(({ key, body }): ReportEntry => {
    const hint = adapter.entries === 'one' ? desired[0] : desired.find((entry) => entry.key === key);
    const hints = { secrets, ...(hint?.merged && { desired: hint.tree, open: hint.merged }) };
    const { text, readable } = adapter.redact(new TextDecoder().decode(body), hints);
    if (!readable) unreadable.push(key);
    return { key, text };
  });
  return { entries, unreadable };
}

/** Where a report is one config: the entry with the type's own key, else the first. */
function selectEntries(adapter: AgentTypeAdapter, files: readonly ReportedFile[]): readonly ReportedFile[] {
  if (adapter.entries === 'one') {
    const main = files.find(({ key }) => key === adapter.defaultKey) ?? files[0];
    return main ? [main] : [];
  }
  return files.toSorted((a, b) => (a.key < b.key ? -1 : 1));
}

/** The entries in one text for people: as it is where there is one without a name, else each under its name. */
export function showReport(entries: readonly ReportEntry[]): string {
  const [single] = entries;
  if (single && entries.length === 1 && single.key === '') return single.text;
  return entries.map(({ key, text }) => `# ${JSON.stringify(key)}\n${text}`).join('\n');
}
