import { type Disposition, MusterError } from '../model/index.ts';

interface Fact {
  readonly disposition: Disposition;
  readonly hint: string;
}

/**
 * Every code this folder throws, what becomes of it, and what the operator should do (docs/errors.md, "Git").
 * `transient` errors mend themselves at a later call; `stalled` ones need a person.
 */
export const gitErrors = {
  GIT_URL_REFUSED: { disposition: 'stalled', hint: 'Set repo to an https://, ssh:// or local repository.' },
  GIT_NOT_A_REPOSITORY: {
    disposition: 'stalled',
    hint: 'Point repo at the root of a Git repository (and use path for a folder inside it).',
  },
  GIT_REPO_UNSUPPORTED: {
    disposition: 'stalled',
    hint: 'Set git.transport to system, so that the installed git reads this repository.',
  },
  GIT_SYSTEM_MISSING: {
    disposition: 'stalled',
    hint: 'Install git, or use an https remote, which needs none.',
  },
  GIT_UNREACHABLE: {
    disposition: 'transient',
    hint: 'Check the host name, the network and any proxy; it is tried again on its own.',
  },
  GIT_TIMEOUT: {
    disposition: 'transient',
    hint: 'The remote answered too slowly; it is tried again, or raise git.timeout.',
  },
  GIT_TLS: {
    disposition: 'stalled',
    hint: 'Check the certificate of the host; NODE_EXTRA_CA_CERTS adds a certificate authority.',
  },
  GIT_HOST_KEY: { disposition: 'stalled', hint: 'Add the key of the host to known_hosts.' },
  GIT_AUTH: { disposition: 'stalled', hint: 'Check MUSTER_GIT_USERNAME and MUSTER_GIT_PASSWORD.' },
  GIT_FORBIDDEN: { disposition: 'stalled', hint: 'Give these credentials access to the repository.' },
  GIT_THROTTLED: { disposition: 'waiting', hint: 'The host asked for a pause; poll less often.' },
  GIT_NOT_FOUND: {
    disposition: 'stalled',
    hint: 'Check the URL; hosts also answer so where the credentials may not see the repository.',
  },
  GIT_REDIRECT_REFUSED: { disposition: 'stalled', hint: 'Set repo to the final URL.' },
  GIT_BAD_REPLY: {
    disposition: 'transient',
    hint: 'Check that the URL is a Git repository and that no proxy alters the answer.',
  },
  GIT_REF_MISSING: { disposition: 'stalled', hint: 'Push the branch again, or change branch.' },
  GIT_REPO_EMPTY: {
    disposition: 'stalled',
    hint: 'Push a first commit; to the installed git a sign-in page looks empty too.',
  },
  GIT_PATH_MISSING: { disposition: 'stalled', hint: 'Commit this folder, or change path.' },
  GIT_COMMIT_MISSING: {
    disposition: 'transient',
    hint: 'The branch was rewritten meanwhile; the next poll takes its new head.',
  },
  GIT_UNVERIFIED: {
    disposition: 'stalled',
    hint: 'Sign the commit with an ssh key that git.verify.keysFile lists; the last good revision stays meanwhile.',
  },
  GIT_TOO_LARGE: { disposition: 'stalled', hint: 'Move the fleet to a repository of its own.' },
  GIT_CORRUPT: {
    disposition: 'transient',
    hint: 'Run git fsck on the repository; our own clone is replaced on its own.',
  },
  GIT_LOCKED: {
    disposition: 'transient',
    hint: 'Another git works on this repository; if none does, remove the .lock file that it left.',
  },
  GIT_DISK: {
    disposition: 'transient',
    hint: 'Check free space and permissions of the data directory and of a local repository.',
  },
  GIT_NOTE_RACE: { disposition: 'transient', hint: 'Something else writes this notes ref; give it its own.' },
  GIT_PUSH_REFUSED: {
    disposition: 'stalled',
    hint: 'Allow these credentials to push refs/notes/* (or set status.notes to off), and branches muster/revert-* where fleet.yaml asks for them.',
  },
  GIT_BUSY: { disposition: 'transient', hint: 'Too many Git operations wait for a slow remote.' },
  GIT_WORKER: {
    disposition: 'transient',
    hint: 'The Git worker ended; a new one starts with the next call.',
  },
  GIT_FAILED: { disposition: 'defect', hint: 'Please report this with the log line.' },
} as const satisfies Record<string, Fact>;

/** A code of this folder. */
export type GitErrorCode = keyof typeof gitErrors;

export interface GitErrorDetails {
  readonly cause?: unknown;
  readonly hint?: string;
  readonly retryAfterMs?: number;
}

/** A `MusterError` with the disposition and hint of its code. `message` never holds a credential. */
export function gitError(code: GitErrorCode, message: string, details: GitErrorDetails = {}): MusterError {
  const fact: Fact = gitErrors[code];
  return new MusterError(code, message, { disposition: fact.disposition, hint: fact.hint, ...details });
}

const diskCodes = new Set([
  'ENOSPC',
  'EDQUOT',
  'EACCES',
  'EPERM',
  'EROFS',
  'EIO',
  'EMFILE',
  'ENFILE',
  'ENOTDIR',
  'EEXIST',
]);
const networkCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENETDOWN',
  'EPIPE',
  'ECONNABORTED',
]);
const tlsCode = /^(ERR_TLS|ERR_SSL|CERT_|DEPTH_ZERO|UNABLE_TO_|SELF_SIGNED|HOSTNAME_MISMATCH|EPROTO)/;

/** Turns a system error (file system, socket, TLS) into ours; undefined where it is none of these. */
export function fromSystemError(error: unknown, what: string): MusterError | undefined {
  if (error instanceof MusterError) return error;
  const code = (error as { code?: unknown } | undefined)?.code;
  if (typeof code !== 'string') return undefined;
  const message = `${what}: ${code}`;
  if (diskCodes.has(code)) return gitError('GIT_DISK', message, { cause: error });
  if (networkCodes.has(code)) return gitError('GIT_UNREACHABLE', message, { cause: error });
  if (code === 'ETIMEDOUT') return gitError('GIT_TIMEOUT', message, { cause: error });
  if (tlsCode.test(code)) return gitError('GIT_TLS', message, { cause: error });
  return undefined;
}
