import { elementsOf, membersOf, textOf } from '../json-shape.ts';
import type { SignedRequest } from './check-signature.ts';
import type { WebhookEvent, WebhookSource } from './webhook-event.ts';

type Headers = SignedRequest['headers'];
type Payload = Readonly<Record<string, unknown>>;

/** What a payload tells, tolerant of members that are absent: the signature has been checked, the shape has not. */
export function readEvent(source: WebhookSource, headers: Headers, payload: Payload): WebhookEvent {
  switch (source) {
    case 'github':
      return readGithub(headers['x-github-event'], headers['x-github-delivery'], payload);
    case 'gitea':
      return readGithub(
        headers['x-forgejo-event'] ?? headers['x-gitea-event'],
        headers['x-forgejo-delivery'] ?? headers['x-gitea-delivery'],
        payload,
      );
    case 'gitlab':
      return readGitlab(headers, payload);
    case 'bitbucket':
      return readBitbucket(headers, payload);
    case 'azure':
      return readAzure(payload);
  }
}

/** Most refs of one event. */
const maxRefs = 100;

function toEvent(
  type: WebhookEvent['type'],
  parts: {
    readonly refs?: readonly string[];
    readonly number?: unknown;
    readonly repo: unknown;
    readonly id: string | undefined;
  },
): WebhookEvent {
  const { refs = [], number, repo, id = '' } = parts;
  return {
    type,
    refs: refs.filter((ref) => ref.startsWith('refs/')).slice(0, maxRefs),
    ...(typeof number === 'number' && Number.isSafeInteger(number) ? { pullRequest: number } : {}),
    repo: textOf(repo),
    deliveryId: id.slice(0, 200),
  };
}

function readGithub(event: string | undefined, id: string | undefined, payload: Payload): WebhookEvent {
  const repo = membersOf(payload.repository).full_name;
  switch (event) {
    case 'push':
      return toEvent('push', { refs: [textOf(payload.ref)], repo, id });
    case 'pull_request':
    case 'pull_request_sync':
      return toEvent('pull-request', { number: payload.number, repo, id });
    case 'merge_group':
      return toEvent('merge-queue', { refs: [textOf(membersOf(payload.merge_group).head_ref)], repo, id });
    case 'ping':
      return toEvent('ping', { repo, id });
    default:
      return toEvent('other', { repo, id });
  }
}

function readGitlab(headers: Headers, payload: Payload): WebhookEvent {
  const id = headers['webhook-id'] ?? headers['idempotency-key'] ?? headers['x-gitlab-event-uuid'];
  const repo = membersOf(payload.project).path_with_namespace;
  switch (payload.object_kind) {
    case 'push':
    case 'tag_push':
      return toEvent('push', { refs: [textOf(payload.ref)], repo, id });
    case 'merge_request':
      return toEvent('pull-request', { number: membersOf(payload.object_attributes).iid, repo, id });
    default:
      return toEvent('other', { repo, id });
  }
}

/** Cloud and Data Center, told apart by the names of their events. */
function readBitbucket(headers: Headers, payload: Payload): WebhookEvent {
  const key = headers['x-event-key'] ?? '';
  const repository = membersOf(payload.repository);
  if (key === 'repo:push') {
    const changes = elementsOf(membersOf(payload.push).changes).map(membersOf);
    const refs = changes.map(({ new: now, old }) => cloudRef(membersOf(now ?? old)));
    return toEvent('push', { refs, repo: repository.full_name, id: headers['x-request-uuid'] });
  }
  if (key.startsWith('pullrequest:')) {
    const { id: number } = membersOf(payload.pullrequest);
    return toEvent('pull-request', { number, repo: repository.full_name, id: headers['x-request-uuid'] });
  }
  const id = headers['x-request-id'];
  if (key === 'repo:refs_changed') {
    const refs = elementsOf(payload.changes).map((change) => textOf(membersOf(change).refId));
    return toEvent('push', { refs, repo: serverRepo(repository), id });
  }
  if (key.startsWith('pr:')) {
    const { id: number, toRef } = membersOf(payload.pullRequest);
    return toEvent('pull-request', { number, repo: serverRepo(membersOf(membersOf(toRef).repository)), id });
  }
  return toEvent(key === 'diagnostics:ping' ? 'ping' : 'other', { repo: '', id });
}

function cloudRef({ type, name }: Payload): string {
  return `refs/${type === 'tag' ? 'tags' : 'heads'}/${textOf(name)}`;
}

function serverRepo({ slug, project }: Payload): string {
  const key = textOf(membersOf(project).key);
  return key === '' ? '' : `${key}/${textOf(slug)}`;
}

function readAzure(payload: Payload): WebhookEvent {
  const resource = membersOf(payload.resource);
  const repository = membersOf(resource.repository);
  const project = textOf(membersOf(repository.project).name);
  const repo = project === '' ? '' : `${project}/${textOf(repository.name)}`;
  const id = textOf(payload.id);
  const event = textOf(payload.eventType);
  if (event === 'git.push') {
    const refs = elementsOf(resource.refUpdates).map((update) => textOf(membersOf(update).name));
    return toEvent('push', { refs, repo, id });
  }
  if (event.startsWith('git.pullrequest.'))
    return toEvent('pull-request', { number: resource.pullRequestId, repo, id });
  return toEvent('other', { repo, id });
}
