import { type CommitSha, commitSha } from '../model/index.ts';
import type { HostClient } from './host-client.ts';
import { createHostError, hostErrorCodes } from './host-error.ts';
import { elementsOf, membersOf, textOf } from './json-shape.ts';
import type { NextPage } from './next-page.ts';
import { maxOpenPullRequests, type OpenPullRequest, type OpenPullRequests } from './open-pull-requests.ts';
import { createPageCache } from './page-cache.ts';

type Members = Readonly<Record<string, unknown>>;

/** The parts of a list of open pull requests that differ from host to host; `Row` is what is remembered of one. */
export interface OpenListHost<Row> {
  readonly client: HostClient;
  readonly path: string;
  readonly query: Readonly<Record<string, string | number>>;
  readonly next?: NextPage;
  /** The rows of one page. */
  rows(page: unknown): readonly unknown[];
  /** One row; undefined for one that cannot be planned. Throws `STATUS_MALFORMED_ANSWER` for one that is none. */
  read(row: Members): Row | undefined;
  /** What has to be asked for besides; undefined where the host does not tell. */
  complete(row: Row, signal: AbortSignal): Promise<OpenPullRequest | undefined>;
}

/** Lists open pull requests page by page, remembering pages by their `ETag`. */
export function createOpenList<Row>(host: OpenListHost<Row>): OpenPullRequests {
  const keep = (page: unknown) => host.rows(page).flatMap((row) => host.read(membersOf(row)) ?? []);
  const list = { keep, cache: createPageCache<readonly Row[]>(), ...(host.next ? { next: host.next } : {}) };
  return {
    async list(signal) {
      const found = new Map<number, OpenPullRequest>();
      const request = { method: 'GET', path: host.path, query: host.query } as const;
      for await (const page of host.client.knownPages<readonly Row[]>(request, signal, list)) {
        for (const row of page) {
          const pull = await host.complete(row, signal);
          if (pull) found.set(pull.number, pull);
        }
        if (found.size >= maxOpenPullRequests) break;
      }
      return [...found.values()].slice(0, maxOpenPullRequests);
    },
  };
}

/** For hosts whose lists tell everything. */
export async function asRead(pull: OpenPullRequest): Promise<OpenPullRequest> {
  return pull;
}

/** The elements of a page that is a list itself. */
export function rowsOfList(page: unknown): readonly unknown[] {
  return elementsOf(page);
}

/** A commit's full name from an answer. */
export function readSha(value: unknown): CommitSha {
  const sha = textOf(value).toLowerCase();
  if (!/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(sha))
    throw malformed('a pull request without the name of its head');
  return commitSha(sha);
}

/** A pull request's number from an answer. */
export function readNumber(value: unknown): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value <= 0)
    throw malformed('a pull request without a number');
  return value;
}

/** An address of the web from an answer; empty for anything else. */
export function readUrl(value: unknown): string {
  const url = textOf(value);
  return /^https?:\/\//i.test(url) && url.length <= 2_048 ? url : '';
}

/** The error for an answer that has another shape than the host's API. */
export function malformed(what: string): Error {
  return createHostError(hostErrorCodes.malformed, `the Git host tells of ${what}`);
}
