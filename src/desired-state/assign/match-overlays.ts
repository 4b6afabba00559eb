import type { AgentConfig, Labels, Overlay } from '../../model/index.ts';
import { matchSelector } from '../../selectors/index.ts';

/** Indexes of the overlays that apply to an agent at `now`, ascending. */
export function matchOverlays(config: AgentConfig, labels: Labels, now: number): readonly number[] {
  const indexes: number[] = [];
  for (const [index, overlay] of config.overlays.entries()) {
    if (!hasExpired(overlay, now) && matchSelector(overlay.when, labels)) indexes.push(index);
  }
  return indexes;
}

/** Whether an overlay's `expires` has come. */
export function hasExpired(overlay: Overlay, now: number): boolean {
  return overlay.expires !== undefined && overlay.expires <= now;
}
