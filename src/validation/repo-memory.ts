import type { AgentVarUse } from '../model/index.ts';
import type { FileFacts, ParsedFile } from './discovery/repo-files.ts';
import type { FactTable } from './fact-table.ts';
import type { LintedConfig } from './rendering/lint-agent-config.ts';

/**
 * What a validator lets somebody keep for the next one: plain data that follows from content alone. Whoever keeps it
 * answers for its size, and throws it away when the rules change.
 */
export interface RepoMemory {
  /** By blob. */
  readonly files: FactTable<FileFacts>;
  /** Documents of files that hold objects of ours, by blob and path. */
  readonly documents: FactTable<ParsedFile>;
  /** Agent attributes that a body uses, by agent type and blob. */
  readonly agentVars: FactTable<readonly AgentVarUse[]>;
  /** What the rules found in an AgentConfig, by all that they look at. */
  readonly lints: FactTable<LintedConfig>;
}

/** A memory that lives as long as its owner. */
export function createRepoMemory(): RepoMemory {
  return { files: new Map(), documents: new Map(), agentVars: new Map(), lints: new Map() };
}
