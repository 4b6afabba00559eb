import {
  type Beginning,
  parseBeginning,
  parseRelease,
  parseSpans,
  type ReleaseSpan,
} from './builds/releases.ts';
import { catalogueTable } from './catalogue.ts';
import type { Section } from './collector-config.ts';

/** What is known of one component type, at the catalogue's version (0.159) and since when. */
export interface ComponentFacts {
  readonly type: string;
  /** The older name, which works too since `type` exists. */
  readonly alias?: string;
  /** When `type` came to work beside the alias; before, only the alias did. */
  readonly renamed?: Beginning;
  /** Releases that forgot the alias. */
  readonly aliasGaps: readonly ReleaseSpan[];
  /** Signals, or `from>to` pairs of a connector; empty where they are not known. */
  readonly signals: readonly string[];
  /** Stability by signal or pair: stable, beta, alpha, development, deprecated, unmaintained. */
  readonly stability: ReadonlyMap<string, string>;
  /** Official builds that hold it: core, contrib, k8s, otlp, ebpf. */
  readonly distributions: readonly string[];
  /** Releases in which an official build held it, for builds that it joined or left within the catalogue. */
  readonly history: ReadonlyMap<string, readonly ReleaseSpan[]>;
  /** When an official build first held it. */
  readonly firstSeen: Beginning;
  /** The first release without it in any official build. */
  readonly removedIn?: string;
  /** What the catalogue says about its replacement. */
  readonly deprecated?: string;
  /** Whether the collector's own repository has it, so that no other build would give its name to another kind. */
  readonly isCore: boolean;
}

/** The release that the catalogue describes. */
export const catalogueVersion = '0.159';

type Facts = ReadonlyMap<string, ComponentFacts>;

const bySection: Readonly<Record<Section, Facts>> = readTable();

/** Known types of a section, older names included. */
export function knownTypes(section: Section): Facts {
  return bySection[section];
}

/** The release in which a component left the last official build, as a number; undefined where it did not. */
export function removalOf({ removedIn }: ComponentFacts): number | undefined {
  return removedIn === undefined ? undefined : parseRelease(removedIn);
}

function readTable(): Record<Section, Facts> {
  const facts = {
    receivers: new Map<string, ComponentFacts>(),
    processors: new Map<string, ComponentFacts>(),
    exporters: new Map<string, ComponentFacts>(),
    connectors: new Map<string, ComponentFacts>(),
    extensions: new Map<string, ComponentFacts>(),
  } satisfies Record<Section, Facts>;
  for (const line of catalogueTable.trim().split('\n')) {
    const section = `${line.slice(0, line.indexOf('|'))}s`;
    if (!Object.hasOwn(facts, section)) continue;
    const known = facts[section as Section];
    const fact = readRow(line);
    known.set(fact.type, fact);
    // A removed type of its own wins over the alias of another: `servicegraph` was a processor before.
    if (fact.alias !== undefined && !known.has(fact.alias)) known.set(fact.alias, fact);
  }
  return facts;
}

function readRow(line: string): ComponentFacts {
  const cells = line.split('|');
  const [, type = '', alias = '', aliasSince = '', aliasGap = '', signals = '', builds = ''] = cells;
  const [history = '', firstSeen = '', removedIn = '', core = '', deprecated = ''] = cells.slice(7);
  const stability = readPairs(signals);
  return {
    type,
    aliasGaps: parseSpans(aliasGap),
    signals: [...stability.keys()],
    stability,
    distributions: words(builds),
    history: new Map([...readPairs(history)].map(([build, spans]) => [build, parseSpans(spans)])),
    firstSeen: parseBeginning(firstSeen),
    isCore: core === 'core',
    ...(alias ? { alias, renamed: parseBeginning(aliasSince) } : {}),
    ...(removedIn ? { removedIn } : {}),
    ...(deprecated ? { deprecated } : {}),
  };
}

function readPairs(text: string): ReadonlyMap<string, string> {
  return new Map(
    words(text).map((pair) => {
      const colon = pair.indexOf(':');
      return [pair.slice(0, colon), pair.slice(colon + 1)];
    }),
  );
}

function words(text: string): readonly string[] {
  return text === '' ? [] : text.split(' ');
}
