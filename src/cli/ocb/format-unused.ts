import type { UnusedOfBuild } from './unused-components.ts';

const kinds = ['receiver', 'processor', 'exporter', 'connector', 'extension'] as const;

/** What nobody uses, build by build, for people. */
export function formatUnused(builds: readonly UnusedOfBuild[]): string {
  return builds.map(formatBuild).join('\n');
}

function formatBuild({ name, version, agents, components, unused }: UnusedOfBuild): string {
  const who = `${agents} ${agents === 1 ? 'agent' : 'agents'}`;
  const head = `${[name, version].filter(Boolean).join(' ') || 'unnamed build'} (${who}): no config uses ${unused.length} of ${components} components\n`;
  const lines = kinds.flatMap((kind) => {
    const types = unused.filter((one) => one.startsWith(`${kind}/`)).map((one) => one.slice(kind.length + 1));
    return types.length === 0 ? [] : [`  ${kind}s (${types.length}): ${types.join(', ')}\n`];
  });
  return head + lines.join('');
}
