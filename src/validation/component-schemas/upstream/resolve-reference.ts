/** A definition of a package’s schema; an empty name is the schema itself. */
export interface SchemaTarget {
  readonly package: string;
  readonly definition: string;
}

const repositories = [
  'go.opentelemetry.io/collector',
  'github.com/open-telemetry/opentelemetry-collector-contrib',
];

/**
 * What a `$ref` of the collector’s generated schemas points to: `name` in the same file, `./internal/x.name` beside it,
 * `/config/x.name` from the root of the repository, or a whole import path with `.name` at its end. `from` is the import
 * path of the package that refers, `has` tells whether a package has a schema.
 */
export function resolveReference(
  reference: string,
  from: string,
  has: (importPath: string) => boolean,
): SchemaTarget {
  const slash = reference.lastIndexOf('/');
  const dot = reference.lastIndexOf('.');
  if (slash < 0) return { package: from, definition: reference };
  const path = dot > slash ? reference.slice(0, dot) : reference;
  const definition = dot > slash ? reference.slice(dot + 1) : '';
  if (path.startsWith('/')) return { package: rootOf(from, path, has) + path, definition };
  if (path.startsWith('./') || path.startsWith('../')) return { package: join(from, path), definition };
  return { package: path, definition };
}

/** The root of the package’s repository: one that is known, or the nearest path above it where `inner` has a schema. */
function rootOf(from: string, inner: string, has: (importPath: string) => boolean): string {
  const known = repositories.find((root) => from.startsWith(`${root}/`));
  if (known !== undefined) return known;
  const parts = from.split('/');
  const above = parts.map((_, index) => parts.slice(0, parts.length - index).join('/'));
  return above.find((root) => has(root + inner)) ?? from;
}

function join(base: string, path: string): string {
  const parts = base.split('/');
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.') parts.push(part);
  }
  return parts.join('/');
}
