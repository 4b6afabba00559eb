import type { Problem } from '../../model/index.ts';
import type { SourceDocument } from '../discovery/classify-file.ts';
import { hasErrors } from '../problem.ts';

/** A Rollout, Package or Connection as its file says; `value` is absent where the file has errors. */
export interface DecodedObject<T> {
  readonly name: string;
  readonly document: SourceDocument;
  readonly value?: T;
  readonly problems: readonly Problem[];
}

/** A decoded object that has its value only if nothing in its file is an error. */
export function decodedObject<T>(
  name: string,
  document: SourceDocument,
  value: T | undefined,
  problems: readonly Problem[],
): DecodedObject<T> {
  const isSound = value !== undefined && !hasErrors(problems);
  return { name, document, problems, ...(isSound ? { value } : {}) };
}
