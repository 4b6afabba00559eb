import type { AgentTypeAdapter, ParsedBody } from '../../agent-types/index.ts';
import { type BlobId, createLruMap, type LayerSource } from '../../model/index.ts';

/** Reads layers as trees; files are parsed once per path, blob and type. */
export interface LayerReader {
  /** Undefined where the file's bytes are not at hand. */
  read(source: LayerSource, adapter: AgentTypeAdapter): ParsedBody | undefined;
}

/** The bytes of a file of the fleet repo, or undefined where they are not at hand. */
export type ReadBody = (path: string, blob: BlobId) => Uint8Array | undefined;

/** A reader that keeps at most `maxEntries` parsed files. */
export function createLayerReader(readBody: ReadBody, maxEntries: number): LayerReader {
  const parsed = createLruMap<string, ParsedBody>(maxEntries);
  return {
    read(source, adapter) {
      if (source.kind === 'inline') return adapter.accept(source.node);
      const key = `${adapter.type}\0${source.path}\0${source.blob}`;
      const known = parsed.get(key);
      if (known) return known;
      const bytes = readBody(source.path, source.blob);
      if (!bytes) return undefined;
      const body = adapter.parse(bytes, source.path);
      parsed.set(key, body);
      return body;
    },
  };
}
