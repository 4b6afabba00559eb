/** The lists that `lists: append` covers: extensions, and receivers and exporters of pipelines; never processors. */
export function appendsAt(path: readonly string[]): boolean {
  if (path[0] !== 'service') return false;
  if (path.length === 2) return path[1] === 'extensions';
  return path.length === 4 && path[1] === 'pipelines' && (path[3] === 'receivers' || path[3] === 'exporters');
}
