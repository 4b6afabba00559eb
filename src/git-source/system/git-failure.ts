import type { MusterError } from '../../model/index.ts';
import { type GitErrorCode, gitError } from '../git-errors.ts';

/** How the installed git (LC_ALL=C) words its failures; it gives them no codes. The first that fits counts. */
const phrases: readonly (readonly [RegExp, GitErrorCode])[] = [
  [/Host key verification failed|REMOTE HOST IDENTIFICATION HAS CHANGED/i, 'GIT_HOST_KEY'],
  [/SSL certificate problem|certificate verif|unable to get local issuer|TLS|gnutls/i, 'GIT_TLS'],
  [/Authentication failed|could not read (Username|Password)|Permission denied \(|error: 401/i, 'GIT_AUTH'],
  [/error: 403|Access denied|permission to .* denied/i, 'GIT_FORBIDDEN'],
  [/error: 429/i, 'GIT_THROTTLED'],
  [/error: 30[1-8]|redirect/i, 'GIT_REDIRECT_REFUSED'],
  [
    /repository .*not found|error: 404|does not appear to be a git repository|project you were looking for/i,
    'GIT_NOT_FOUND',
  ],
  [/not our ref|couldn't find remote ref|unadvertised object/i, 'GIT_COMMIT_MISSING'],
  [/detected dubious ownership/i, 'GIT_NOT_A_REPOSITORY'],
  [/not a git repository/i, 'GIT_NOT_A_REPOSITORY'],
  [/\.lock': File exists/i, 'GIT_LOCKED'],
  [/No space left|Read-only file system|cannot open .*Permission denied|Disk quota/i, 'GIT_DISK'],
  [/timed out/i, 'GIT_TIMEOUT'],
  [
    /Could not resolve host|Connection (refused|reset|closed)|Failed to connect|unreachable|hung up|unexpected disconnect|early EOF|error: 5\d\d/i,
    'GIT_UNREACHABLE',
  ],
  [/transport '.*' not allowed/i, 'GIT_URL_REFUSED'],
  [/loose object|corrupt|bad object|unable to read|inflate|packfile|fsck|index-pack/i, 'GIT_CORRUPT'],
  [
    /protocol error|bad line length|invalid server response|not valid: is this a git repository/i,
    'GIT_BAD_REPLY',
  ],
];

/** What git said, in one line without credentials. */
function shorten(stderr: string): string {
  const lines = stderr.split('\n').filter((line) => /^(fatal|error|remote): /.test(line));
  const text = (lines.length > 0 ? lines.join('; ') : stderr).replace(/:\/\/[^@/\s]*@/g, '://');
  return text.replace(/\s+/g, ' ').trim().slice(0, 300);
}

/** The error for a failed run of git, from what it wrote to standard error. */
export function classifyFailure(stderr: string, remote: string): MusterError {
  const code = phrases.find(([pattern]) => pattern.test(stderr))?.[1] ?? 'GIT_FAILED';
  const said = `${remote}: ${shorten(stderr) || 'git failed without a word'}`;
  if (!/dubious ownership/.test(stderr)) return gitError(code, said);
  return gitError(code, said, { hint: 'Run git config --global --add safe.directory <dir> for this user.' });
}
