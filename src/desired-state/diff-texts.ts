import { createTwoFilesPatch } from 'diff';

/** How a diff is written. */
export interface DiffOptions {
  readonly beforeName?: string;
  readonly afterName?: string;
  /** Unchanged lines around each change. */
  readonly context?: number;
}

/** Line edits after which texts count as altogether different; keeps the cost of a diff bounded. */
const maxEdits = 1_000;

/** A unified diff of two texts; empty where they are equal. Texts too different to compare are told so in one line. */
export function diffTexts(before: string, after: string, options: DiffOptions = {}): string {
  if (before === after) return '';
  const { beforeName = 'before', afterName = 'after', context = 3 } = options;
  const patch = createTwoFilesPatch(beforeName, afterName, before, after, '', '', {
    context,
    maxEditLength: maxEdits,
  });
  if (patch === undefined)
    return `--- ${beforeName}\n+++ ${afterName}\n(more than ${maxEdits} changed lines)\n`;
  return patch.replace(/^=+\n/, '').replaceAll(/^(---|\+\+\+) (.*?)\t$/gm, '$1 $2');
}
