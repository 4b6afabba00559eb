import type { Position, Severity } from '../../model/index.ts';

/** What is wrong with a component's settings: a name, a value, or something that is missing. */
export interface SettingFinding {
  readonly code: 'OC024' | 'OC025' | 'OC026';
  /** The rule's own severity unless given. */
  readonly severity?: Severity;
  readonly at: Position;
  readonly message: string;
  readonly suggestion?: string;
}
