import type { CommitStatus, StatusState } from '../model/index.ts';
import { flatDescription } from './flat-description.ts';
import { membersOf, textOf } from './json-shape.ts';
import type { PostedStatus } from './read-back-reporter.ts';
import { statusKey } from './status-key.ts';

/** Bitbucket's word for a state, Cloud and Data Center alike. */
export function bitbucketState(state: StatusState): string {
  switch (state) {
    case 'pending':
      return 'INPROGRESS';
    case 'success':
      return 'SUCCESSFUL';
    case 'failure':
    case 'error':
      return 'FAILED';
  }
}

/** A build status as both Bitbuckets take it; they insist on an address, so `pageUrl` stands in for one. */
export function toBuildStatus(status: CommitStatus, pageUrl: string) {
  return {
    key: statusKey(status.context),
    name: status.context.slice(0, maxName),
    state: bitbucketState(status.state),
    description: flatDescription(status).slice(0, maxDescription),
    url: status.targetUrl ?? pageUrl,
  };
}

/** What a build status says. */
export function fromBuildStatus(body: unknown): PostedStatus {
  const { state, description, url } = membersOf(body);
  return { state: textOf(state), description: textOf(description), targetUrl: textOf(url) };
}

/** Whether two say the same. */
export function isSameBuild(posted: PostedStatus, wanted: PostedStatus): boolean {
  return (
    posted.state === wanted.state &&
    posted.description === wanted.description &&
    posted.targetUrl === wanted.targetUrl
  );
}

const maxName = 254;
const maxDescription = 255;
