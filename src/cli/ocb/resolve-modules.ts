import type { Position, Problem } from '../../model/index.ts';
import type { ComponentCatalogue } from './component-catalogue.ts';
import type { ConfigNeeds } from './fleet-needs.ts';
import { parseBuilderRelease, stableVersionOf, versionOf } from './module-version.ts';

/** A line of a builder manifest. */
export interface ModuleLine {
  /** Section of the manifest: receivers, processors, exporters, connectors, extensions or providers. */
  readonly section: string;
  /** Module path and version, as `gomod` has them. */
  readonly gomod: string;
  /** Whether the module is older than the release. */
  readonly isOlder: boolean;
  /** Who needs it, in order; empty for what the supervisor needs. */
  readonly users: readonly string[];
}

/** The modules that a build needs, or the problems that stand in the way. */
export interface ResolvedModules {
  readonly lines: readonly ModuleLine[];
  readonly problems: readonly Problem[];
}

/** The supervisor starts a collector on a config of its own, and talks to it by the extension. */
const supervisorNeeds = ['receiver/nop', 'exporter/nop', 'extension/opamp'];
/** How the supervisor hands over the config, `${env:…}`, and values given on the command line. */
const plainProviders = ['provider/env', 'provider/file', 'provider/yaml'];

const providers = 'go.opentelemetry.io/collector/confmap/provider';
const contribProviders = 'github.com/open-telemetry/opentelemetry-collector-contrib/confmap/provider';

const providerModules: Readonly<Record<string, string>> = {
  env: `${providers}/envprovider`,
  file: `${providers}/fileprovider`,
  yaml: `${providers}/yamlprovider`,
  http: `${providers}/httpprovider`,
  https: `${providers}/httpsprovider`,
  s3: `${contribProviders}/s3provider`,
  secretsmanager: `${contribProviders}/secretsmanagerprovider`,
  aes: `${contribProviders}/aesprovider`,
};

/** What `--module` says: a module with its version, by `kind/type`. */
export type OwnModules = ReadonlyMap<string, string>;

/** Finds a module and a version for everything that the configs and the supervisor need. */
export function resolveModules(
  configs: readonly ConfigNeeds[],
  catalogue: ComponentCatalogue,
  release: string,
  own: OwnModules,
): ResolvedModules {
  const byModule = new Map<string, { readonly line: Omit<ModuleLine, 'users'>; readonly users: string[] }>();
  const problems: Problem[] = [];
  const add = (name: string, user: string | undefined, at: Position | undefined) => {
    const found = findModule(name, catalogue, release, own);
    if (typeof found === 'string') {
      if (at) problems.push({ code: 'OC019', severity: 'error', ...at, message: found });
      return;
    }
    const key = `${found.section} ${found.gomod}`;
    const known = byModule.get(key) ?? { line: found, users: [] };
    byModule.set(key, known);
    if (user !== undefined && !known.users.includes(user)) known.users.push(user);
  };
  for (const name of [...supervisorNeeds, ...plainProviders]) add(name, undefined, undefined);
  for (const { user, needs } of configs) for (const [name, at] of needs) add(name, user, at);
  const lines = [...byModule.values()].map(({ line, users }) => ({ ...line, users }));
  return { lines: lines.sort((a, b) => (a.gomod < b.gomod ? -1 : 1)), problems: uniqueByPlace(problems) };
}

/** The line for one need, or why there is none. */
function findModule(
  name: string,
  catalogue: ComponentCatalogue,
  release: string,
  own: OwnModules,
): Omit<ModuleLine, 'users'> | string {
  const [kind = '', type = ''] = name.split('/', 2);
  const section = `${kind}s`;
  const given = own.get(name);
  if (given !== undefined) return { section, gomod: given, isOlder: false };
  if (kind === 'provider') return findProvider(type, release);
  const known = catalogue.get(name);
  if (!known) return `no module is known for ${name}; give --module ${name}=<module>@<version>`;
  const removed = known.removedIn === undefined ? undefined : minorOf(known.removedIn);
  if (removed !== undefined && parseBuilderRelease(release) >= removed)
    return `${name} was removed in ${known.removedIn}; build an older release with --version, or take it out`;
  const { version, isOlder } = versionOf(known.module, release);
  return { section, gomod: `${known.module} ${version}`, isOlder };
}

function findProvider(scheme: string, release: string): Omit<ModuleLine, 'users'> | string {
  const module = Object.hasOwn(providerModules, scheme) ? providerModules[scheme] : undefined;
  if (module === undefined)
    return `no module is known for \${${scheme}:…}; give --module provider/${scheme}=<module>@<version>`;
  const isStable = module.startsWith(`${providers}/`);
  const version = isStable ? stableVersionOf(release) : versionOf(module, release).version;
  return { section: 'providers', gomod: `${module} ${version}`, isOlder: false };
}

function minorOf(version: string): number {
  return Number(version.split('.')[1]);
}

function uniqueByPlace(problems: readonly Problem[]): readonly Problem[] {
  const keyed = problems.map((one) => [`${one.file}:${one.line}:${one.column} ${one.message}`, one] as const);
  return [...new Map(keyed).values()];
}
