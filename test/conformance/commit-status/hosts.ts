import {
  createGitHost,
  type GitHost,
  type HostType,
  type StatusReporter,
} from '../../../src/commit-status/index.ts';
import { commitSha, type StandingStatus } from '../../../src/model/index.ts';
import type { Clock } from '../../../src/runtime/index.ts';
import { startAzure } from '../../support/git-host-azure.ts';
import { startBitbucketCloud } from '../../support/git-host-bitbucket-cloud.ts';
import { startBitbucketServer } from '../../support/git-host-bitbucket-server.ts';
import { startGitea } from '../../support/git-host-gitea.ts';
import { startGithub } from '../../support/git-host-github.ts';
import { startGitlab } from '../../support/git-host-gitlab.ts';
import type { GitHostStandIn } from '../../support/git-host-stand-in.ts';

/** A host under test: how to start its stand-in, and the token that it takes at first. */
export interface HostUnderTest {
  readonly type: HostType;
  readonly token: string;
  start(): Promise<GitHostStandIn>;
}

/** Every Git host. */
export const hostsUnderTest: readonly HostUnderTest[] = [
  { type: 'github', token: 'gh-token', start: () => startGithub() },
  {
    type: 'gitlab',
    token: 'gl-token',
    async start() {
      const host = await startGitlab();
      // With a pipeline of its own, so that no test waits for one.
      const addCommit = (sha: string) => {
        host.addCommit(sha);
        host.addPipeline(sha, 77);
      };
      return { ...host, addCommit };
    },
  },
  { type: 'gitea', token: 'gitea-token', start: () => startGitea() },
  { type: 'bitbucket', token: 'bb-token', start: startBitbucketCloud },
  { type: 'bitbucket-server', token: 'dc-token', start: startBitbucketServer },
  { type: 'azure', token: 'az-token', start: startAzure },
];

interface ClientDeps {
  readonly clock: Clock;
  readonly fetch?: typeof fetch;
  readonly readToken: () => string;
}

/** Everything of a host, over the stand-in. */
export function gitHostFor(type: HostType, host: GitHostStandIn, deps: ClientDeps): GitHost {
  const { readToken, ...rest } = deps;
  const gitHost = createGitHost(rest, {
    host: { type, apiUrl: host.apiUrl, repo: host.repo },
    credential: { kind: 'token', readToken },
    branch: 'main',
  });
  if (!gitHost) throw new Error(`nothing for ${type}`);
  return gitHost;
}

/** A reporter that talks to the stand-in. */
export function reporterFor(type: HostType, host: GitHostStandIn, deps: ClientDeps): StatusReporter {
  return gitHostFor(type, host, deps).statuses;
}

/** A commit's name made of one digit. */
export const shaOf = (digit: number | string) => commitSha(String(digit).repeat(40).slice(0, 40));

/** A status as `composeStatus` makes it. */
export function statusOf(parts: Partial<StandingStatus> = {}): StandingStatus {
  return {
    sha: shaOf(1),
    context: 'muster/fleet',
    state: 'pending',
    description: 'waiting: 0/40 connected',
    targetUrl: 'https://muster.example/r/1111',
    attempt: 0,
    ...parts,
  };
}
