import { createHash } from 'node:crypto';
import type { FleetReport } from '../model/index.ts';
import { cutReport } from './cut-report.ts';
import { layOutReport, orderedReport } from './report-layout.ts';

/** Most bytes of a git note: the history of the notes ref keeps every version. */
export const maxNoteBytes = 65_536;

/** No agent takes fewer bytes: a report that cannot fit is not laid out in full to find out. */
const leastAgentBytes = 60;

/**
 * The fleet report as JSON text, UTF-8, at most `maxBytes`, with keys, tenants and agents always in the same order.
 * A report that would be longer is cut to failures and one sample per distinct config, with `truncated: true`.
 */
export function serializeReport(report: FleetReport, maxBytes: number = maxNoteBytes): Uint8Array {
  if (report.agents.length * leastAgentBytes <= maxBytes) {
    const whole = encode(layOutReport(orderedReport(report)));
    if (whole.byteLength <= maxBytes) return whole;
  }
  return encode(layOutReport(cutReport(report, maxBytes)));
}

/** SHA-256 hex over everything that `serializeReport` would write but when it was observed. */
export function digestReport(report: FleetReport, maxBytes: number = maxNoteBytes): string {
  return createHash('sha256')
    .update(serializeReport({ ...report, observedAt: '' }, maxBytes))
    .digest('hex');
}

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
