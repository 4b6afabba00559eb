import { type Disposition, MusterError } from '../model/index.ts';

/** What a Git host's answer means, as a stable code with what to do next (docs/errors.md). */
export const hostErrorCodes = {
  unreachable: 'STATUS_HOST_UNREACHABLE',
  hostFault: 'STATUS_HOST_FAULT',
  throttled: 'STATUS_HOST_THROTTLED',
  unauthorized: 'STATUS_UNAUTHORIZED',
  forbidden: 'STATUS_FORBIDDEN',
  redirected: 'STATUS_REDIRECTED',
  notFound: 'STATUS_NOT_FOUND',
  conflict: 'STATUS_CONFLICT',
  sameState: 'STATUS_SAME_STATE',
  rejected: 'STATUS_REJECTED',
  full: 'STATUS_FULL',
  malformed: 'STATUS_MALFORMED_ANSWER',
} as const;

export type HostErrorCode = (typeof hostErrorCodes)[keyof typeof hostErrorCodes];

const details: Readonly<Record<HostErrorCode, readonly [Disposition, string]>> = {
  STATUS_HOST_UNREACHABLE: [
    'transient',
    'Nothing to do unless it lasts: check the network and status.apiUrl.',
  ],
  STATUS_HOST_FAULT: ['transient', 'Nothing to do unless it lasts: the host answers with an internal error.'],
  STATUS_HOST_THROTTLED: ['waiting', 'Nothing to do: posting goes on when the host allows it.'],
  STATUS_UNAUTHORIZED: ['stalled', 'Renew status.token, or check status.apiUrl.'],
  STATUS_FORBIDDEN: [
    'stalled',
    'Give status.token the right to write commit statuses of status.repo, and to comment on its pull requests.',
  ],
  STATUS_REDIRECTED: ['stalled', 'Set status.apiUrl and status.repo to where the repository is now.'],
  STATUS_NOT_FOUND: ['stalled', 'Check status.repo, and that status.token can see the repository.'],
  STATUS_CONFLICT: ['transient', 'Nothing to do: it is tried again.'],
  STATUS_SAME_STATE: ['transient', 'Nothing to do: the host has this state already.'],
  STATUS_REJECTED: ['defect', 'Report this as a fault of Muster, with the message.'],
  STATUS_FULL: ['stalled', 'The host keeps no more statuses for this commit: push a new commit.'],
  STATUS_MALFORMED_ANSWER: ['stalled', 'Check that status.apiUrl is the address of the API.'],
};

/** The error for a code; `message` must not hold a secret. */
export function createHostError(code: HostErrorCode, message: string, retryAfterMs?: number): MusterError {
  const [disposition, hint] = details[code];
  return new MusterError(code, message, {
    disposition,
    hint,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}
