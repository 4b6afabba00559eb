import { isMusterError } from '../model/index.ts';
import type { Clock, Logger, ServiceSettings } from '../runtime/index.ts';
import { createGitHost } from './create-git-host.ts';
import type { GitHost } from './git-host.ts';
import { type GuessedHost, guessHost } from './guess-host.ts';

/**
 * The Git host that the settings ask for; undefined without a credential. A host that was only guessed and cannot be
 * used is told in the log, not by failing: notes are written then.
 */
export function createConfiguredHost(
  deps: { readonly clock: Clock; readonly logger: Logger; readonly fetch?: typeof fetch },
  settings: Pick<ServiceSettings, 'git' | 'status'>,
): GitHost | undefined {
  const { host: type, credential } = settings.status;
  if (!credential) return undefined;
  const host = hostOf(settings);
  if (!type && host.type === 'none')
    deps.logger.warn(
      {},
      'a status token is set, but the kind of Git host is not known; set status.host, or only notes are written',
    );
  const signedBy =
    credential.kind === 'token' ? { kind: 'token' as const, readToken: () => credential.token } : credential;
  try {
    return createGitHost(
      { clock: deps.clock, ...(deps.fetch && { fetch: deps.fetch }) },
      { host, branch: settings.git.ref, credential: signedBy },
    );
  } catch (error) {
    if (type || !isMusterError(error, 'STATUS_SETTINGS')) throw error;
    deps.logger.warn({ host: host.type, hint: error.hint }, `${error.message}; notes are written instead`);
    return undefined;
  }
}

/** The Git host by the settings and the remote, whether or not there is a credential for it. */
export function hostOf({ git, status }: Pick<ServiceSettings, 'git' | 'status'>): GuessedHost {
  const { host: type, apiUrl, repo } = status;
  return guessHost(git.repo, {
    ...(type && { type }),
    ...(apiUrl !== undefined && { apiUrl }),
    ...(repo !== undefined && { repo }),
  });
}
