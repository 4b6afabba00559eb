import { computed, signal } from '@preact/signals';
import type { FleetSummary } from '../../src/model/index.ts';
import { shaOf } from '../format.ts';

/** Where the fleet repo is on the web, and the commit that files are shown at unless another is named. */
export const repoPlace = signal<{
  readonly links: FleetSummary['repo']['links'];
  readonly head: string | null;
}>({
  links: null,
  head: null,
});

const links = computed(() => repoPlace.value.links);

/** The address of a line of a file at a commit; undefined where the Git host has no such pages. */
export function fileLink(
  at: { readonly file: string; readonly line: number },
  sha?: string,
): string | undefined {
  const commit = sha ?? repoPlace.value.head;
  if (!links.value || commit === null) return undefined;
  const path = at.file.split('/').map(encodeURIComponent).join('/');
  return fill(links.value.file, { sha: shaOf(commit), path, line: String(at.line) });
}

/** The address of a commit. */
export function commitLink(sha: string): string | undefined {
  return links.value ? fill(links.value.commit, { sha: shaOf(sha) }) : undefined;
}

/** The address of a pull request. */
export function pullLink(number: number): string | undefined {
  return links.value ? fill(links.value.pull, { number: String(number) }) : undefined;
}

function fill(template: string, values: Readonly<Record<string, string>>): string {
  return template.replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
}
