import { createHmac } from 'node:crypto';
import type { WebhookRequest, WebhookSource } from '../../../../src/commit-status/index.ts';

/** A webhook in the shape that a host sends, with how it is signed. */
export interface SamplePayload {
  readonly name: string;
  readonly source: WebhookSource;
  readonly headers: Readonly<Record<string, string>>;
  readonly payload: object;
  readonly event: object;
}

export const secret = 'wh-secret-1';
const zero = '0'.repeat(40);
const [before, after] = ['a'.repeat(40), 'b'.repeat(40)];

/** Headers that sign the bytes as the host does. */
export function sign(source: WebhookSource, body: Uint8Array, key = secret): Record<string, string> {
  const hex = createHmac('sha256', key).update(body).digest('hex');
  switch (source) {
    case 'github':
      return { 'x-hub-signature-256': `sha256=${hex}` };
    case 'gitea':
      return { 'x-gitea-signature': hex };
    case 'gitlab':
      return { 'x-gitlab-token': key };
    case 'bitbucket':
      return { 'x-hub-signature': `sha256=${hex}` };
    case 'azure':
      return { authorization: `Basic ${Buffer.from(`muster:${key}`).toString('base64')}` };
  }
}

/** The request for a sample, signed. */
export function requestOf({ source, headers, payload }: SamplePayload, key = secret): WebhookRequest {
  const body = Buffer.from(JSON.stringify(payload));
  return {
    source,
    body,
    headers: { 'content-type': 'application/json', ...headers, ...sign(source, body, key) },
  };
}

export const samples: readonly SamplePayload[] = [
  {
    name: 'a push to GitHub',
    source: 'github',
    headers: { 'x-github-event': 'push', 'x-github-delivery': '72d3162e-cc78-11e3-81ab-4c9367dc0958' },
    payload: {
      ref: 'refs/heads/main',
      before,
      after,
      created: false,
      deleted: false,
      forced: false,
      repository: { id: 1, full_name: 'acme/fleet' },
      pusher: { name: 'ada' },
      commits: [{ id: after, message: 'Raise the queue' }],
    },
    event: {
      type: 'push',
      refs: ['refs/heads/main'],
      repo: 'acme/fleet',
      deliveryId: '72d3162e-cc78-11e3-81ab-4c9367dc0958',
    },
  },
  {
    name: 'a pull request at GitHub',
    source: 'github',
    headers: { 'x-github-event': 'pull_request', 'x-github-delivery': 'd-2' },
    payload: {
      action: 'synchronize',
      number: 42,
      pull_request: { head: { sha: after, repo: { full_name: 'ada/fleet' } }, base: { ref: 'main' } },
      repository: { full_name: 'acme/fleet' },
    },
    event: { type: 'pull-request', refs: [], pullRequest: 42, repo: 'acme/fleet', deliveryId: 'd-2' },
  },
  {
    name: 'the merge queue of GitHub',
    source: 'github',
    headers: { 'x-github-event': 'merge_group', 'x-github-delivery': 'd-3' },
    payload: {
      action: 'checks_requested',
      merge_group: {
        head_sha: after,
        head_ref: 'refs/heads/gh-readonly-queue/main/pr-42-abc',
        base_ref: 'refs/heads/main',
      },
      repository: { full_name: 'acme/fleet' },
    },
    event: {
      type: 'merge-queue',
      refs: ['refs/heads/gh-readonly-queue/main/pr-42-abc'],
      repo: 'acme/fleet',
      deliveryId: 'd-3',
    },
  },
  {
    name: "GitHub's ping",
    source: 'github',
    headers: { 'x-github-event': 'ping', 'x-github-delivery': 'd-4' },
    payload: { zen: 'Design for failure.', hook_id: 30, repository: { full_name: 'acme/fleet' } },
    event: { type: 'ping', refs: [], repo: 'acme/fleet', deliveryId: 'd-4' },
  },
  {
    name: 'something else at GitHub',
    source: 'github',
    headers: { 'x-github-event': 'star', 'x-github-delivery': 'd-5' },
    payload: { action: 'created', repository: { full_name: 'acme/fleet' } },
    event: { type: 'other', refs: [], repo: 'acme/fleet', deliveryId: 'd-5' },
  },
  {
    name: 'a push to GitLab',
    source: 'gitlab',
    headers: { 'x-gitlab-event': 'Push Hook', 'idempotency-key': 'i-1', 'x-gitlab-event-uuid': 'u-1' },
    payload: {
      object_kind: 'push',
      event_name: 'push',
      ref: 'refs/heads/main',
      before,
      after,
      checkout_sha: after,
      project: { id: 15, path_with_namespace: 'acme/team/fleet' },
    },
    event: { type: 'push', refs: ['refs/heads/main'], repo: 'acme/team/fleet', deliveryId: 'i-1' },
  },
  {
    name: 'a merge request at GitLab',
    source: 'gitlab',
    headers: { 'x-gitlab-event': 'Merge Request Hook', 'x-gitlab-event-uuid': 'u-2' },
    payload: {
      object_kind: 'merge_request',
      project: { path_with_namespace: 'acme/team/fleet' },
      object_attributes: {
        id: 99,
        iid: 7,
        action: 'update',
        state: 'opened',
        oldrev: before,
        last_commit: { id: after },
      },
    },
    event: { type: 'pull-request', refs: [], pullRequest: 7, repo: 'acme/team/fleet', deliveryId: 'u-2' },
  },
  {
    name: 'a push to Gitea',
    source: 'gitea',
    headers: { 'x-gitea-event': 'push', 'x-gitea-delivery': 'g-1', 'x-github-event': 'push' },
    payload: { ref: 'refs/heads/main', before, after, repository: { full_name: 'acme/fleet' } },
    event: { type: 'push', refs: ['refs/heads/main'], repo: 'acme/fleet', deliveryId: 'g-1' },
  },
  {
    name: 'a pull request at Gitea',
    source: 'gitea',
    headers: {
      'x-gitea-event': 'pull_request',
      'x-gitea-event-type': 'pull_request_sync',
      'x-gitea-delivery': 'g-2',
    },
    payload: { action: 'synchronized', number: 3, repository: { full_name: 'acme/fleet' } },
    event: { type: 'pull-request', refs: [], pullRequest: 3, repo: 'acme/fleet', deliveryId: 'g-2' },
  },
  {
    name: 'pushes to Bitbucket Cloud',
    source: 'bitbucket',
    headers: {
      'x-event-key': 'repo:push',
      'x-request-uuid': 'c-1',
      'x-hook-uuid': 'h-1',
      'x-attempt-number': '1',
    },
    payload: {
      repository: { full_name: 'acme/fleet' },
      push: {
        changes: [
          {
            new: { type: 'branch', name: 'main', target: { hash: after } },
            old: { type: 'branch', name: 'main' },
            closed: false,
          },
          { new: null, old: { type: 'branch', name: 'gone', target: { hash: before } }, closed: true },
          { new: { type: 'tag', name: 'v1', target: { hash: after } }, old: null, created: true },
        ],
      },
    },
    event: {
      type: 'push',
      refs: ['refs/heads/main', 'refs/heads/gone', 'refs/tags/v1'],
      repo: 'acme/fleet',
      deliveryId: 'c-1',
    },
  },
  {
    name: 'a pull request at Bitbucket Cloud',
    source: 'bitbucket',
    headers: { 'x-event-key': 'pullrequest:updated', 'x-request-uuid': 'c-2' },
    payload: {
      repository: { full_name: 'acme/fleet' },
      pullrequest: {
        id: 5,
        state: 'OPEN',
        source: { branch: { name: 'x' }, commit: { hash: 'abcdefabcdef' } },
      },
    },
    event: { type: 'pull-request', refs: [], pullRequest: 5, repo: 'acme/fleet', deliveryId: 'c-2' },
  },
  {
    name: 'a push to Bitbucket Data Center',
    source: 'bitbucket',
    headers: { 'x-event-key': 'repo:refs_changed', 'x-request-id': 's-1' },
    payload: {
      eventKey: 'repo:refs_changed',
      repository: { slug: 'fleet', project: { key: 'ACME' } },
      changes: [
        {
          ref: { id: 'refs/heads/main' },
          refId: 'refs/heads/main',
          fromHash: zero,
          toHash: after,
          type: 'ADD',
        },
      ],
    },
    event: { type: 'push', refs: ['refs/heads/main'], repo: 'ACME/fleet', deliveryId: 's-1' },
  },
  {
    name: 'a pull request at Bitbucket Data Center',
    source: 'bitbucket',
    headers: { 'x-event-key': 'pr:from_ref_updated', 'x-request-id': 's-2' },
    payload: {
      eventKey: 'pr:from_ref_updated',
      pullRequest: {
        id: 11,
        state: 'OPEN',
        fromRef: { id: 'refs/heads/x', latestCommit: after },
        toRef: { id: 'refs/heads/main', repository: { slug: 'fleet', project: { key: 'ACME' } } },
      },
    },
    event: { type: 'pull-request', refs: [], pullRequest: 11, repo: 'ACME/fleet', deliveryId: 's-2' },
  },
  {
    name: 'the connection test of Bitbucket Data Center',
    source: 'bitbucket',
    headers: { 'x-event-key': 'diagnostics:ping', 'x-request-id': 's-3' },
    payload: { test: true },
    event: { type: 'ping', refs: [], repo: '', deliveryId: 's-3' },
  },
  {
    name: 'a push to Azure',
    source: 'azure',
    headers: {},
    payload: {
      subscriptionId: '00000000-0000-0000-0000-000000000000',
      notificationId: 14,
      id: '03c164c2-8912-4d5e-8009-3707d5f83734',
      eventType: 'git.push',
      resource: {
        refUpdates: [{ name: 'refs/heads/main', oldObjectId: before, newObjectId: after }],
        repository: { id: 'r', name: 'fleet', project: { name: 'Fleet Ops' } },
      },
    },
    event: {
      type: 'push',
      refs: ['refs/heads/main'],
      repo: 'Fleet Ops/fleet',
      deliveryId: '03c164c2-8912-4d5e-8009-3707d5f83734',
    },
  },
  {
    name: 'a pull request at Azure',
    source: 'azure',
    headers: {},
    payload: {
      id: 'z-2',
      eventType: 'git.pullrequest.updated',
      resource: {
        pullRequestId: 9,
        status: 'active',
        sourceRefName: 'refs/heads/x',
        repository: { name: 'fleet', project: { name: 'Fleet Ops' } },
      },
    },
    event: { type: 'pull-request', refs: [], pullRequest: 9, repo: 'Fleet Ops/fleet', deliveryId: 'z-2' },
  },
];
