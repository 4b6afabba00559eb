/** A view's address: its name, and what its pattern's places hold. */
export interface Route {
  readonly view: ViewName;
  readonly params: Readonly<Record<string, string>>;
}

export type ViewName =
  | 'overview'
  | 'tenants'
  | 'tenant'
  | 'config'
  | 'agents'
  | 'agent'
  | 'rollouts'
  | 'rollout'
  | 'revisions'
  | 'revision'
  | 'plan'
  | 'problems'
  | 'events'
  | 'sign-in'
  | 'not-found';

const patterns: readonly (readonly [string, ViewName])[] = [
  ['', 'overview'],
  ['tenants', 'tenants'],
  ['t/:tenant', 'tenant'],
  ['t/:tenant/agents', 'agents'],
  ['t/:tenant/c/:config', 'config'],
  ['t/:tenant/c/:config/:tab', 'config'],
  ['agents', 'agents'],
  ['agents/:uid', 'agent'],
  ['agents/:uid/:tab', 'agent'],
  ['rollouts', 'rollouts'],
  ['rollouts/:tenant/:config', 'rollout'],
  ['rollouts/:tenant/package/:package', 'rollout'],
  ['revisions', 'revisions'],
  ['r/:sha', 'revision'],
  ['r/:sha/t/:tenant', 'revision'],
  ['r/:sha/problems', 'problems'],
  ['plans/:sha', 'plan'],
  ['problems', 'problems'],
  ['events', 'events'],
  ['sign-in', 'sign-in'],
];

/** Finds the view of a path below the base, without its leading slash. */
export function matchRoute(path: string): Route {
  const parts = path.replace(/\/+$/, '').split('/');
  for (const [pattern, view] of patterns) {
    const params = matchParts(pattern.split('/'), parts);
    if (params) return { view, params };
  }
  return { view: 'not-found', params: {} };
}

function matchParts(
  pattern: readonly string[],
  parts: readonly string[],
): Readonly<Record<string, string>> | undefined {
  if (pattern.length !== parts.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, place] of pattern.entries()) {
    const part = parts[index] ?? '';
    if (place.startsWith(':') && part !== '') params[place.slice(1)] = decodePart(part);
    else if (place !== part) return undefined;
  }
  return params;
}

function decodePart(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** The address with some of its query's members replaced; an empty one is left out. */
export function withQuery(
  path: string,
  query: URLSearchParams,
  change: Readonly<Record<string, string>>,
): string {
  const next = new URLSearchParams(query);
  for (const [name, value] of Object.entries(change)) {
    if (value === '') next.delete(name);
    else next.set(name, value);
  }
  const text = next.toString();
  return text === '' ? path : `${path}?${text}`;
}
