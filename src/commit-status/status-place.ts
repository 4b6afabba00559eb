import type { StatusSummary } from '../model/index.ts';
import { fitText } from './status-text.ts';

/** A context's full name: `muster/fleet`, or `muster/<instance>/fleet` where an instance is set. */
export function contextName(name: string, instance: string | undefined): string {
  return instance === undefined || instance === ''
    ? `muster/${name}`
    : `muster/${fitText(instance, 40)}/${name}`;
}

/** The page that a status links to; undefined without a public URL, or when the address is no http URL or too long. */
export function targetUrl(
  summary: Pick<StatusSummary, 'publicUrl' | 'sha'>,
  place: '' | '/problems' | `/t/${string}`,
): string | undefined {
  return pageUrl(summary.publicUrl, `/r/${summary.sha}${place}`);
}

/** The page of a revision; undefined as in `targetUrl`. */
export function revisionUrl(publicUrl: string | undefined, sha: string): string | undefined {
  return pageUrl(publicUrl, `/r/${sha}`);
}

/** The page of a plan; undefined as in `targetUrl`. */
export function planUrl({
  publicUrl,
  sha,
}: {
  readonly publicUrl?: string;
  readonly sha: string;
}): string | undefined {
  return pageUrl(publicUrl, `/plans/${sha}`);
}

function pageUrl(publicUrl: string | undefined, path: string): string | undefined {
  if (publicUrl === undefined || !/^https?:\/\//.test(publicUrl)) return undefined;
  const url = publicUrl.replace(/\/+$/, '') + path;
  return url.length <= maxUrl ? url : undefined;
}

/** GitLab's limit, the narrowest of the hosts'. */
const maxUrl = 255;
