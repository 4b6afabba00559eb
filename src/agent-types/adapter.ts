import type {
  AgentType,
  ComponentHealth,
  ConfigNode,
  EffectiveVerdict,
  Labels,
  Position,
  Problem,
} from '../model/index.ts';
import type { Origin } from './merge/origin.ts';

/** One body on its way into a merge, with what its overlay asks for. */
export interface Layer {
  readonly tree: ConfigNode;
  /** `append`: `service.extensions` and pipelines' receivers and exporters are appended to instead of replaced. */
  readonly lists: 'replace' | 'append';
  /** Paths (`a::b::c`) deleted from the layers below before this one is merged. */
  readonly remove: readonly string[];
  /** Where problems with `remove` are reported. */
  readonly at: Position;
}

/** A merged tree, which layer set what, and what was wrong with the layers. */
export interface Merged {
  readonly tree: ConfigNode;
  readonly origin: Origin;
  readonly problems: readonly Problem[];
}

/** A body of one file as a tree, or what is wrong with it. */
export interface ParsedBody {
  readonly tree?: ConfigNode;
  readonly problems: readonly Problem[];
}

/** What a reported effective config may be kept as. */
export interface Redacted {
  /** The text with every secret replaced by `[REDACTED]`; comments are gone. */
  readonly text: string;
  /** SHA-256 hex of `text`. */
  readonly hash: string;
  /** False where the report could not be read; `text` then says so and holds nothing of it. */
  readonly readable: boolean;
}

/** What redaction may know of the config that the agent should run. */
export interface RedactHints {
  /** The tree that the agent should run: where it holds `${…}`, only the agent knows the value, and it is masked. */
  readonly desired?: ConfigNode;
  /** The same before variables were filled in: where it holds `$(secrets.…)`, the value is masked. */
  readonly open?: ConfigNode;
  /** Texts of secrets, masked wherever they stand. */
  readonly secrets?: readonly string[];
}

/** How the bodies of one agent type are read, merged, written, redacted and compared. */
export interface AgentTypeAdapter {
  readonly type: AgentType;
  /** The AgentConfigMap key of a body given as `config`; unused where `keyOf` is there. */
  readonly defaultKey: string;
  /** The key that a rendered resource has by its content; undefined where it lacks what makes it. */
  readonly keyOf?: (tree: ConfigNode) => string | undefined;
  readonly contentType: string;
  /** Whether the agent expands `$` in values, so that one in a secret has to be doubled to arrive as it is. */
  readonly expands?: true;
  /** Whether a report is judged as `one` config, whatever its key, or each entry `by-key`. */
  readonly entries: 'one' | 'by-key';
  /** Reads the bytes of a file; `accept` has had its say. */
  parse(bytes: Uint8Array, file: string): ParsedBody;
  /** Takes a body that is a tree already (an inline one) as `parse` takes a file's. */
  accept(tree: ConfigNode): ParsedBody;
  /** Merges layers in order, later wins; at least one layer. */
  merge(layers: readonly Layer[]): Merged;
  /** What is wrong with a merged, filled-in entry; rules about single components are not here but in validation. */
  check?(tree: ConfigNode, key: string): readonly Problem[];
  /** Component types in use as `kind/type` (`exporter/otlp_http`), sorted; empty for types without components. */
  components(tree: ConfigNode): readonly string[];
  render(tree: ConfigNode): string;
  /** Judges one entry of a report (redacted or not) against the desired tree. */
  compare(desired: ConfigNode, effective: string): EffectiveVerdict;
  /** An entry that is desired and not reported at all; absent where a report is one config. */
  judgeMissing?(key: string, desired: ConfigNode): EffectiveVerdict;
  redact(effective: string, hints: RedactHints): Redacted;
  /** A redacted text for publication: structure, component names, and values in `allowed`; the rest is masked. */
  publish(redacted: string, allowed: ReadonlySet<string>): string;
  /** Health as it counts for this type, `healthy` and `lastError` of the root; absent where the root's own counts. */
  judgeHealth?(health: ComponentHealth): ComponentHealth;
  /**
   * What tells an agent whose uid is new at each start from others of its tenant; equal for agents that describe
   * themselves alike. Absent where the uid is kept.
   */
  stableIdentity?(labels: Labels, tenant: string): string;
}
