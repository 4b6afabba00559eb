import { createHash } from 'node:crypto';
import type { AgentReport, AgentState } from '../model/index.ts';
import type { Judged } from './decide-agent.ts';
import { type InspectionQueue, mayJudge } from './inspection-queue.ts';

/** Notes a reported effective config and queues it for redaction and comparison; its bytes are not kept. */
export function takeEffective(
  inspection: InspectionQueue,
  agent: AgentState,
  report: AgentReport,
  judged: Judged,
  now: number,
): AgentState {
  const { bytes: target } = judged;
  const files = report.effectiveConfig?.files;
  // That there is nothing is what a bridge has to tell of an empty cluster.
  if (!files || (files.length === 0 && agent.type !== 'otelcol-cr')) return agent;
  const rawHash = hashFiles(files);
  const tookOver = target !== undefined && agent.remoteConfigStatus?.hash === target.hash;
  const known = agent.effective;
  if (known?.rawHash === rawHash && known.verdict && (!tookOver || known.against === target.hash))
    return { ...agent, effective: { ...known, receivedAt: now } };
  const queued = inspection.push(agent, files, rawHash, judged);
  if (!queued) return agent;
  const against = target && mayJudge(agent, target) ? { against: target.hash } : {};
  const hash = known?.rawHash === rawHash ? known.hash : '';
  return { ...agent, effective: { hash, rawHash, receivedAt: now, ...against } };
}

function hashFiles(files: readonly { readonly key: string; readonly body: Uint8Array }[]): string {
  const hash = createHash('sha256');
  for (const { key, body } of files) hash.update(`${key.length}:${key}:${body.length}:`).update(body);
  return hash.digest('hex');
}
