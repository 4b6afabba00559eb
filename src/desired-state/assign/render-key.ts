import { createHash } from 'node:crypto';

/** SHA-256 hex over all that decides a rendering: equal keys render equal bytes, across revisions. */
export function computeRenderKey(
  inputsHash: string,
  overlays: readonly number[],
  agentVars: readonly (readonly [string, string])[],
): string {
  return createHash('sha256')
    .update(JSON.stringify([inputsHash, overlays, agentVars]))
    .digest('hex');
}
