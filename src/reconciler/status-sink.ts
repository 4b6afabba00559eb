import type { FleetReport, RevertProposal, StandingStatus, StatusSummary } from '../model/index.ts';

/** Where statuses and reports go; commit-status satisfies it. */
export interface StatusSink {
  /** Composes the statuses of one revision by the rules of finality, posts what differs from `standing`, returns what stands now. */
  submit(summary: StatusSummary, standing: ReadonlyMap<string, StandingStatus>): readonly StandingStatus[];
  /** Publishes the fleet report of a revision, at the verdict. */
  publish(report: FleetReport): void;
  /** Proposes to take a revision back, once; where that cannot be done, nothing happens. */
  proposeRevert(proposal: RevertProposal): void;
}
