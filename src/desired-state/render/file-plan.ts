import type { AgentTypeAdapter } from '../../agent-types/index.ts';
import type { AgentConfig, LayerSource, Overlay, Position } from '../../model/index.ts';

/** One layer that takes part in a file, and the overlay that it comes from, if any. */
export interface PlannedLayer {
  readonly source: LayerSource;
  readonly overlay?: Overlay;
  /** Paths that go before this layer is merged: only on the first layer of an overlay. */
  readonly remove: readonly string[];
}

/** One entry of the AgentConfigMap and the layers that make it. */
export interface PlannedFile {
  /** Undefined where the key follows from the rendered resource. */
  readonly key: string | undefined;
  readonly contentType: string;
  readonly layers: readonly PlannedLayer[];
}

/**
 * The files of an AgentConfig with some overlays. Overlays go to the entry that `config` makes; where there are only
 * named files, to the file if it is the only one.
 */
export function planFiles(
  config: AgentConfig,
  overlays: readonly number[],
  adapter: AgentTypeAdapter,
): readonly PlannedFile[] {
  const upper = overlays.flatMap((index) => planOverlay(config.overlays[index]));
  const named = config.files.map((file): PlannedFile => {
    return { key: file.key, contentType: file.contentType, layers: file.layers.map(ownLayer) };
  });
  const [single, other] = named;
  if (config.layers.length > 0) {
    const key = adapter.keyOf ? undefined : adapter.defaultKey;
    const layers = [...config.layers.map(ownLayer), ...upper];
    return [{ key, contentType: adapter.contentType, layers }, ...named];
  }
  return single && !other ? [{ ...single, layers: [...single.layers, ...upper] }] : named;
}

/** Overlays that would change a body where there are several named files, none of which is theirs. */
export function findHomelessOverlays(config: AgentConfig, overlays: readonly number[]): readonly Overlay[] {
  if (config.layers.length > 0 || config.files.length < 2) return [];
  return overlays.flatMap((index) => {
    const overlay = config.overlays[index];
    return overlay && (overlay.config.length > 0 || overlay.remove.length > 0) ? [overlay] : [];
  });
}

function ownLayer(source: LayerSource): PlannedLayer {
  return { source, remove: [] };
}

function planOverlay(overlay: Overlay | undefined): readonly PlannedLayer[] {
  if (!overlay) return [];
  const sources = overlay.config.length > 0 ? overlay.config : [emptyLayer(overlay.at)];
  return sources.map((source, index) => ({ source, overlay, remove: index === 0 ? overlay.remove : [] }));
}

/** What an overlay that only removes is merged as. */
function emptyLayer(at: Position): LayerSource {
  return { kind: 'inline', node: { kind: 'map', entries: [], at }, at };
}
