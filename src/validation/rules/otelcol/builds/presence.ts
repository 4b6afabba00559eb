import type { Section } from '../collector-config.ts';
import { type ComponentFacts, knownTypes, removalOf } from '../component-facts.ts';
import { firstRelease, isWithin, lastRelease } from './releases.ts';

/** The official builds, as `service.name` tells them, and as the catalogue names them. */
export const distributions: Readonly<Record<string, string>> = {
  otelcol: 'core',
  'otelcol-contrib': 'contrib',
  'otelcol-k8s': 'k8s',
  'otelcol-otlp': 'otlp',
  'otelcol-ebpf-profiler': 'ebpf',
};

/** What is guessed of an agent's build; each part is absent where nothing tells it. */
export interface BuildGuess {
  /** A distribution of the catalogue: core, contrib, k8s, otlp, ebpf. */
  readonly distribution?: string | undefined;
  /** The number of the release, 144 for 0.144. */
  readonly release?: number | undefined;
}

/** Whether a build has a component type, as far as the catalogue tells; `unknown` says why not, for a message. */
export type Presence =
  | { readonly kind: 'known' }
  | { readonly kind: 'uncertain' }
  | { readonly kind: 'unknown'; readonly because: string };

const known: Presence = { kind: 'known' };
const uncertain: Presence = { kind: 'uncertain' };

/** Looks a component type up for a guessed build. What the catalogue does not say for sure is uncertain. */
export function lookUp(section: Section, type: string, build: BuildGuess): Presence {
  const facts = knownTypes(section).get(type);
  if (!facts) return uncertain;
  const byName = build.release === undefined ? known : lookUpName(type, facts, build.release);
  if (byName.kind === 'unknown') return byName;
  const byBuild = build.distribution === undefined ? known : lookUpBuild(facts, build.distribution, build);
  return byBuild.kind === 'known' ? byName : byBuild;
}

/** Whether a release knows a component by this name; before its renaming it had only the older one. */
function lookUpName(type: string, { alias, renamed, aliasGaps }: ComponentFacts, release: number): Presence {
  if (alias === undefined || renamed === undefined) return known;
  if (type === alias) {
    if (!isWithin(release, aliasGaps)) return known;
    return { kind: 'unknown', because: `0.${release} had forgotten this name` };
  }
  if (release < renamed.maybe) {
    return { kind: 'unknown', because: `0.${release} knows it only as "${alias}"` };
  }
  return release < renamed.sure ? uncertain : known;
}

function lookUpBuild(facts: ComponentFacts, distribution: string, { release }: BuildGuess): Presence {
  const spans = facts.history.get(distribution);
  const isThere = facts.distributions.includes(distribution);
  if (release !== undefined && (release < firstRelease || release > lastRelease)) return uncertain;
  if (release === undefined) return isThere ? known : absent(facts, release);
  const removed = removalOf(facts);
  if (!spans && removed !== undefined) return release < removed ? uncertain : absent(facts, release);
  const holds = spans ? isWithin(release, spans) : isThere;
  if (!holds) return absent(facts, release);
  if (release < facts.firstSeen.maybe) return absent(facts, release);
  return spans || release >= facts.firstSeen.sure ? known : uncertain;
}

function absent(facts: ComponentFacts, release: number | undefined): Presence {
  const removed = removalOf(facts);
  if (removed !== undefined && (release === undefined || release >= removed)) {
    return { kind: 'unknown', because: `removed in ${facts.removedIn}` };
  }
  const within = facts.distributions.join(', ');
  return { kind: 'unknown', because: within === '' ? 'in no official build' : `in: ${within}` };
}
