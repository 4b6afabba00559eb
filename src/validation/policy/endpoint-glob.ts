import { compileGlob } from '../../selectors/index.ts';

/** Where an endpoint leads, as far as its text says. */
interface Destination {
  readonly scheme: string;
  /** Host and port, without user and password; lower case. */
  readonly authority: string;
  readonly path: string;
}

/** Schemes of gRPC whose authority is only a helper: what is dialled stands behind it (`dns://resolver/target`). */
const indirect = /^(dns|passthrough|ipv4|ipv6|xds):(?:\/\/[^/]*)?\/?(.*)$/i;

/** Hosts and ports that an endpoint leads to; several where it lists them. */
export function authoritiesOf(endpoint: string): readonly string[] {
  return destinationsOf(endpoint).map(({ authority }) => authority);
}

/**
 * Compiles a policy's glob of endpoints. It is matched part by part, so that `https://*.acme.example` cannot be met by
 * `https://elsewhere.example/x.acme.example`: a scheme, port or path that the glob does not name may be anything.
 */
export function compileEndpointGlob(glob: string): (endpoint: string) => boolean {
  const [, scheme, rest = glob] = /^([^:/]*):\/\/(.*)$/.exec(glob) ?? [];
  const slash = rest.indexOf('/');
  const authority = (slash < 0 ? rest : rest.slice(0, slash)).toLowerCase();
  const path = slash < 0 ? undefined : rest.slice(slash);
  const hasPort = /:[^\]]*$/.test(authority);
  const matchesScheme = scheme === undefined ? () => true : compileGlob(scheme.toLowerCase());
  const matchesAuthority = compileGlob(authority);
  const matchesPath = path === undefined ? () => true : compileGlob(path);
  return (endpoint) =>
    destinationsOf(endpoint).every(
      (target) =>
        matchesScheme(target.scheme) &&
        matchesAuthority(hasPort ? target.authority : withoutPort(target.authority)) &&
        matchesPath(target.path),
    );
}

function destinationsOf(endpoint: string): readonly Destination[] {
  const text = endpoint.trim();
  const [, indirectScheme, target] = indirect.exec(text) ?? [];
  const [, scheme = indirectScheme ?? '', rest = target ?? text] =
    indirectScheme === undefined ? (/^([a-z][a-z0-9+.-]*):\/\/(.*)$/is.exec(text) ?? []) : [];
  const end = rest.search(/[/?#\\]/);
  const authority = end < 0 ? rest : rest.slice(0, end);
  const path = end < 0 ? '' : rest.slice(end);
  return authority.split(',').map((part) => ({
    scheme: scheme.toLowerCase(),
    authority: part.slice(part.lastIndexOf('@') + 1).toLowerCase(),
    path,
  }));
}

function withoutPort(authority: string): string {
  return authority.replace(/:\d+$/, '');
}
