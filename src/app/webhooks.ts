import {
  createDeliveryLog,
  verifyWebhook,
  type WebhookRefusal,
  type WebhookSource,
} from '../commit-status/index.ts';
import type { ReceiveWebhook } from '../http-api/index.ts';
import type { Clock, Logger } from '../runtime/index.ts';

export interface WebhookDeps {
  /** None: every webhook is refused. During a rotation, both. */
  readonly secrets: readonly string[];
  readonly clock: Clock;
  readonly logger: Logger;
  readonly onPush: () => void;
  readonly onPullRequest: () => void;
}

const sources: ReadonlySet<string> = new Set<WebhookSource>([
  'github',
  'gitlab',
  'gitea',
  'bitbucket',
  'azure',
]);

/** Takes webhooks of Git hosts as triggers: what is true is read from Git and the host afterwards. */
export function createWebhookReceiver(deps: WebhookDeps): ReceiveWebhook {
  const { secrets, clock, logger } = deps;
  const seen = createDeliveryLog();
  return (host, headers, body) => {
    if (!isSource(host)) return { accepted: false, status: 404, reason: 'no such Git host' };
    const verdict = verifyWebhook({ source: host, headers, body }, { secrets, now: clock.now(), seen });
    if (verdict.kind === 'refused') {
      // Hosts that are told 4xx for a delivery that they repeat stop to deliver.
      if (verdict.reason === 'seen before') return { accepted: true };
      logger.info({ host, reason: verdict.reason }, 'a webhook was refused');
      return { accepted: false, status: statusOf(verdict.reason), reason: verdict.reason };
    }
    const { type } = verdict.event;
    if (type === 'push') deps.onPush();
    // A push moves the base of every pull request, or a head.
    if (type === 'push' || type === 'pull-request' || type === 'merge-queue') deps.onPullRequest();
    return { accepted: true };
  };
}

function isSource(host: string): host is WebhookSource {
  return sources.has(host);
}

function statusOf(reason: Exclude<WebhookRefusal, 'seen before'>): 400 | 401 | 404 | 413 {
  switch (reason) {
    case 'no secret is configured':
      return 404;
    case 'too large':
      return 413;
    case 'not JSON':
      return 400;
    case 'not signed':
    case 'wrong signature':
    case 'too old':
      return 401;
  }
}
