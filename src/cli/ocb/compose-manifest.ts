import type { ModuleLine } from './resolve-modules.ts';

/** What a builder manifest says beside its modules. */
export interface ManifestHead {
  /** Name of the program, which is the `service.name` of its agents. */
  readonly name: string;
  /** Release of the collector, such as `0.159.0`. */
  readonly release: string;
  /** Whose configs it runs, in a few words. */
  readonly scope: string;
}

const sections = ['receivers', 'processors', 'exporters', 'connectors', 'extensions', 'providers'] as const;
const namedUsers = 3;

/** A manifest for the OpenTelemetry Collector Builder, the same text for the same input. */
export function composeManifest(head: ManifestHead, lines: readonly ModuleLine[]): string {
  const hasOlder = lines.some(({ isOlder }) => isOlder);
  return [
    `# The smallest collector for ${head.scope}: builder --config <this file>${hasOlder ? ' --skip-strict-versioning' : ''}`,
    ...(hasOlder
      ? ['# Modules marked "newest" have no later release at the public Go module proxy, hence the flag.']
      : []),
    'dist:',
    `  name: ${head.name}`,
    `  description: OpenTelemetry Collector for ${head.scope}`,
    `  version: ${head.release}`,
    `  output_path: ./${head.name}`,
    '',
    '# ${NAME} is an environment variable.',
    'conf_resolver:',
    '  default_uri_scheme: env',
    ...sections.flatMap((section) =>
      composeSection(
        section,
        lines.filter((line) => line.section === section),
      ),
    ),
    '',
  ].join('\n');
}

function composeSection(section: string, lines: readonly ModuleLine[]): readonly string[] {
  if (lines.length === 0) return [];
  return [
    '',
    `${section}:`,
    ...lines.map((line) => `  - gomod: ${line.gomod} # ${describeUse(section, line)}`),
  ];
}

function describeUse(section: string, { users, isOlder }: ModuleLine): string {
  const fallback = section === 'providers' ? 'every config' : 'the supervisor';
  const shown = users.slice(0, namedUsers).join(', ');
  const more = users.length > namedUsers ? ` and ${users.length - namedUsers} more` : '';
  return `${users.length === 0 ? fallback : `${shown}${more}`}${isOlder ? '; newest' : ''}`;
}
