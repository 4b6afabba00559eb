import { type ComponentKind, sections } from '../../../../agent-types/index.ts';
import { closestWord } from '../../../../selectors/index.ts';
import type { Section } from '../collector-config.ts';
import { knownTypes } from '../component-facts.ts';
import type { Build } from './build.ts';
import { lookUp } from './presence.ts';
import { parseRelease } from './releases.ts';

/**
 * Whether a build can run a config: `cannot-run` is certain (the build's own list lacks a component), `doubtful` is not
 * (the build is a guess, or its list may be short of an older name). `missing` are components as `kind/type`; `hint`
 * says why, or what to write instead, in one line.
 */
export type BuildVerdict =
  | { readonly kind: 'runs' }
  | { readonly kind: 'cannot-run'; readonly missing: readonly string[]; readonly hint: string }
  | { readonly kind: 'doubtful'; readonly missing: readonly string[]; readonly hint: string };

interface Lack {
  readonly component: string;
  readonly isCertain: boolean;
  readonly hint: string;
}

/** Compares the components of a config (`kind/type`, as `AgentTypeAdapter.components` gives them) with a build. */
export function checkBuild(components: readonly string[], build: Build): BuildVerdict {
  const lacks = components.flatMap((component) => findLack(component, build) ?? []);
  const certain = lacks.filter(({ isCertain }) => isCertain);
  if (certain.length > 0) return { kind: 'cannot-run', ...summarize(certain) };
  return lacks.length > 0 ? { kind: 'doubtful', ...summarize(lacks) } : { kind: 'runs' };
}

function summarize(lacks: readonly Lack[]): { readonly missing: readonly string[]; readonly hint: string } {
  const hints = lacks.filter(({ hint }) => hint !== '').map(({ component, hint }) => `${component}: ${hint}`);
  const shown = hints.slice(0, 3).join('; ');
  const hint = hints.length > 3 ? `${shown}; and ${hints.length - 3} more` : shown;
  return { missing: lacks.map(({ component }) => component), hint };
}

function findLack(component: string, build: Build): Lack | undefined {
  const [kind = '', type = ''] = component.split('/', 2);
  const section = sectionOf(kind);
  // What is no type at all is told by the rules; the supervisor's own extension is none of ours.
  if (!section || !/^[a-zA-Z]\w*$/.test(type) || component === 'extension/opamp') return undefined;
  switch (build.kind) {
    case 'known':
      return lackOfKnown(component, kind, section, type, build.components);
    case 'guess': {
      const release = build.version === undefined ? undefined : parseRelease(build.version);
      const presence = lookUp(section, type, { distribution: build.distribution, release });
      if (presence.kind !== 'unknown') return undefined;
      return { component, isCertain: false, hint: presence.because };
    }
  }
}

/**
 * A collector lists a component under its name and, since it has aliases, under its older name too. So a build that
 * lists only the older name is from before the renaming and refuses the new one; one that lists only the new name was
 * put together by something else than the collector's builder, and most likely takes both.
 */
function lackOfKnown(
  component: string,
  kind: string,
  section: Section,
  type: string,
  has: ReadonlySet<string>,
): Lack | undefined {
  if (has.size === 0 || has.has(component)) return undefined;
  const facts = knownTypes(section).get(type);
  const isOlderName = facts?.alias === type;
  if (isOlderName && has.has(`${kind}/${facts.type}`)) {
    return { component, isCertain: false, hint: `this build lists it as "${facts.type}"` };
  }
  if (facts?.alias !== undefined && has.has(`${kind}/${facts.alias}`)) {
    return { component, isCertain: true, hint: `this build knows it only as "${facts.alias}"` };
  }
  return { component, isCertain: true, hint: hintFor(kind, type, has, facts?.distributions ?? []) };
}

function hintFor(
  kind: string,
  type: string,
  has: ReadonlySet<string>,
  distributions: readonly string[],
): string {
  if (distributions.length > 0) return `in: ${distributions.join(', ')}`;
  const types = [...has].filter((one) => one.startsWith(`${kind}/`)).map((one) => one.slice(kind.length + 1));
  const nearest = closestWord(type, types);
  return nearest === undefined ? '' : `did you mean "${nearest}"?`;
}

function sectionOf(kind: string): Section | undefined {
  return Object.hasOwn(sections, kind) ? (sections[kind as ComponentKind] as Section) : undefined;
}
