import { gitError } from './git-errors.ts';

const forbidden = /[\0-\x20\x7f~^:?*[\\]|\.\.|@\{|\/\/|\/\.|\.lock(?:\/|$)|^[-./]|[./]$/;

/** Whether `name` is a ref name that Git accepts (git-check-ref-format) and no command line reads as an option. */
export function isRefName(name: string): boolean {
  return name.length > 0 && name.length <= 250 && !forbidden.test(name);
}

/** The full ref names that a branch or tag may mean, in order of preference; throws GIT_REF_MISSING for an impossible name. */
export function candidateRefs(ref: string): string[] {
  if (!isRefName(ref)) throw gitError('GIT_REF_MISSING', `"${ref}" is not a valid branch or tag name`);
  return ref.startsWith('refs/') ? [ref] : [`refs/heads/${ref}`, `refs/tags/${ref}`];
}

/** The error for a ref that is not there: empty repository, or what is there instead. */
export function missingRef(ref: string, present: readonly string[]) {
  if (present.length === 0) return gitError('GIT_REPO_EMPTY', 'the repository has no commits yet');
  const names = present.map((name) => name.replace(/^refs\/(heads|tags)\//, ''));
  const shown = names.slice(0, 5).join(', ') + (names.length > 5 ? ', …' : '');
  return gitError('GIT_REF_MISSING', `there is no branch or tag "${ref}" (the repository has ${shown})`);
}
