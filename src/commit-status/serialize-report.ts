import { createHash } from 'node:crypto';
import type { FleetReport } from '../model/index.ts';
import { cutReport, leastAgentBytes } from './cut-report.ts';
import { layOutReport, orderedReport } from './report-layout.ts';

/** Most bytes of a git note: the history of the notes ref keeps every version. */
export const maxNoteBytes = 65_536;

/** A fleet report as a git note. */
export interface SerializedReport {
  /** JSON text of at most `maxBytes` in UTF-8, with keys, tenants and agents always in the same order. */
  readonly text: string;
  /** SHA-256 hex over all of the text but when it was observed. */
  readonly digest: string;
}

/**
 * Writes a fleet report down. One that would be longer than `maxBytes` is cut to failures and one sample per distinct
 * config, with `truncated: true`; `breathe` lets other work run in between.
 */
export async function serializeReport(
  report: FleetReport,
  breathe: () => Promise<void>,
  maxBytes: number = maxNoteBytes,
): Promise<SerializedReport> {
  // What cannot fit is not laid out in full to find out.
  if (report.agents.length * leastAgentBytes <= maxBytes) {
    const whole = layOut(orderedReport(report));
    if (Buffer.byteLength(whole.text) <= maxBytes) return whole;
  }
  return layOut(await cutReport(report, maxBytes, breathe));
}

function layOut(report: FleetReport): SerializedReport {
  const untimed = layOutReport({ ...report, observedAt: '' });
  return { text: layOutReport(report), digest: createHash('sha256').update(untimed).digest('hex') };
}
