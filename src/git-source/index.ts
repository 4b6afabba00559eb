export { type GitErrorCode, gitErrors } from './git-errors.ts';
export {
  createGitSource,
  type GitSource,
  type GitSourceDeps,
  type GitSourceOptions,
  type KnownBlobs,
  type MergedContent,
  maxBlobBytes,
} from './git-source.ts';
export type { MergeWant } from './merge-head.ts';
export type { CommitIdentity } from './object-format.ts';
export type { TransportChoice } from './open-engine.ts';
export { type GitCredentials, parseRemote, type RemoteAddress } from './parse-remote.ts';
export { createPoller, type Poller, type PollerDeps, type PollerOptions, type PollState } from './poller.ts';
export type { RevertOutcome, RevertWant } from './revert-branch.ts';
export { serveGitWorker } from './serve-worker.ts';
export type { VerifyOptions } from './signatures/create-verifier.ts';
export type { ListedRef } from './upstream.ts';
