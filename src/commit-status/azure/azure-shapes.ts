import type { CommitStatus, StatusState } from '../../model/index.ts';
import { membersOf, textOf } from '../json-shape.ts';
import type { PostedStatus } from '../read-back-reporter.ts';

/** Azure's word for a state. */
export function azureState(state: StatusState): string {
  switch (state) {
    case 'pending':
      return 'pending';
    case 'success':
      return 'succeeded';
    case 'failure':
      return 'failed';
    case 'error':
      return 'error';
  }
}

/** A context as Azure names it in policies, split at its last slash: `muster/plan` is genre `muster`, name `plan`. */
export function azureContext(context: string): { readonly genre: string; readonly name: string } {
  const slash = context.lastIndexOf('/');
  return { genre: context.slice(0, Math.max(0, slash)), name: context.slice(slash + 1) };
}

/** A status as Azure takes it on a commit and on a pull request. */
export function toAzureStatus(status: CommitStatus): object {
  return {
    state: azureState(status.state),
    description: status.description,
    context: azureContext(status.context),
    ...(status.targetUrl === undefined ? {} : { targetUrl: status.targetUrl }),
  };
}

/** What Azure then shows. */
export function toPosted(status: CommitStatus): PostedStatus {
  return {
    state: azureState(status.state),
    description: status.description,
    targetUrl: status.targetUrl ?? '',
  };
}

/** What a status of an answer says, by its context in lower case. */
export function fromAzureStatus(element: unknown): readonly [context: string, posted: PostedStatus] {
  const { state, description, targetUrl, context } = membersOf(element);
  const { genre, name } = membersOf(context);
  const full = textOf(genre) === '' ? textOf(name) : `${textOf(genre)}/${textOf(name)}`;
  return [
    full.toLowerCase(),
    { state: textOf(state), description: textOf(description), targetUrl: textOf(targetUrl) },
  ];
}

/** Whether what stands says the same. */
export function isSameAzure(posted: PostedStatus, status: CommitStatus): boolean {
  const wanted = toPosted(status);
  return (
    posted.state === wanted.state &&
    posted.description === wanted.description &&
    posted.targetUrl === wanted.targetUrl
  );
}
