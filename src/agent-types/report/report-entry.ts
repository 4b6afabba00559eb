import type { ConfigNode } from '../../model/index.ts';

/** One entry that an agent should run. */
export interface DesiredEntry {
  readonly key: string;
  /** The merged tree with variables filled in. */
  readonly tree: ConfigNode;
  /** The same with `$(…)` as written, where it is known. */
  readonly merged?: ConfigNode;
}

/** One entry of a reported effective config, as text. */
export interface ReportEntry {
  readonly key: string;
  readonly text: string;
}
