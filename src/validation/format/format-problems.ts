import type { Problem } from '../../model/index.ts';
import { formatGithub } from './github.ts';
import { formatJson } from './json.ts';
import { formatSarif } from './sarif.ts';
import { formatText } from './text.ts';

/** How problems are written: for people, for programs, for code scanners, for GitHub's annotations. */
export type ProblemFormat = 'text' | 'json' | 'sarif' | 'github';

/** All formats, as `--format` takes them. */
export const problemFormats: readonly ProblemFormat[] = ['text', 'json', 'sarif', 'github'];

/** Problems as text that ends with a newline; empty where the format has nothing to say. Colour is for `text` alone. */
export function formatProblems(
  problems: readonly Problem[],
  format: ProblemFormat,
  options: { readonly color?: boolean } = {},
): string {
  switch (format) {
    case 'text':
      return formatText(problems, options.color ?? false);
    case 'json':
      return formatJson(problems);
    case 'sarif':
      return formatSarif(problems);
    case 'github':
      return formatGithub(problems);
  }
}
