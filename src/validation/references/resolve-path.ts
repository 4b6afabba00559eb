/** A path as the repo knows it, or what is wrong with it. */
export type ResolvedPath = { readonly path: string } | { readonly fault: string };

/**
 * Resolves a path that a file names: relative to that file's folder, or to the repo's root with a leading `/`.
 * Nothing that could leave the tree resolves.
 */
export function resolvePath(reference: string, fromFile: string): ResolvedPath {
  if (reference.length > 1024) return { fault: 'it is longer than 1024 characters' };
  if (/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/.test(reference))
    return { fault: 'it holds control characters' };
  if (reference.includes('\\')) return { fault: 'it holds a backslash; folders are separated by /' };
  if (/^[A-Za-z][A-Za-z0-9+.-]*:/.test(reference))
    return { fault: 'it looks like a URL or a drive; only files of the repo can be named' };
  const isRooted = reference.startsWith('/');
  const segments = (isRooted ? reference.slice(1) : reference).split('/');
  if (segments[0] === '.' && segments.length > 1 && !isRooted) segments.shift();
  if (segments.includes('..'))
    return { fault: 'it holds ".."; write the path from the repo’s root: /base/common.yaml' };
  if (segments.some((segment) => segment === '' || segment === '.'))
    return { fault: 'it holds an empty part' };
  const folder = isRooted ? [] : fromFile.split('/').slice(0, -1);
  return { path: [...folder, ...segments].join('/') };
}

/** Whether `path` is inside `folder`; the empty folder is the root. */
export function isInside(path: string, folder: string): boolean {
  return folder === '' || path === folder || path.startsWith(`${folder}/`);
}
