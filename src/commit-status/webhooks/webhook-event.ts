/** The routes of webhooks: `/webhooks/gitea` serves Forgejo, `/webhooks/bitbucket` both Bitbuckets. */
export type WebhookSource = 'github' | 'gitlab' | 'gitea' | 'bitbucket' | 'azure';

/**
 * What a webhook tells: only a trigger, since what is true is fetched from Git and the host's API afterwards.
 * `merge-queue` is GitHub's `merge_group`, whose head needs statuses too; `ping` is a test by the administrator.
 */
export interface WebhookEvent {
  readonly type: 'push' | 'pull-request' | 'merge-queue' | 'ping' | 'other';
  /** Full names of the refs that have moved, `refs/heads/main`; at most 100. */
  readonly refs: readonly string[];
  /** The number of the pull request. */
  readonly pullRequest?: number;
  /** The repository as the host names it, `owner/name`; empty where the event does not tell. */
  readonly repo: string;
  /** The host's name for this delivery; empty where it has none. */
  readonly deliveryId: string;
}

/** Why a webhook is refused. */
export type WebhookRefusal =
  | 'no secret is configured'
  | 'too large'
  | 'not JSON'
  | 'not signed'
  | 'wrong signature'
  | 'too old'
  | 'seen before';

export type WebhookVerdict =
  | { readonly kind: 'accepted'; readonly event: WebhookEvent }
  | { readonly kind: 'refused'; readonly reason: WebhookRefusal };
