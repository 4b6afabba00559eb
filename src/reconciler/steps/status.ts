import type { FleetReport } from '../../model/index.ts';
import { composeReport, reportAgents } from '../compose-report.ts';
import type { Step } from '../loop.ts';
import type { Pass } from '../pass.ts';
import { proposeRevert } from '../propose-revert.ts';
import { type SummaryOptions, summarizeRevision } from '../summarize.ts';
import { factKey, hasVerdict, isClosed, type TrackedRevision, toFact } from '../tracked-revision.ts';

/** Options that do not change while the process runs. */
export type StatusOptions = Pick<SummaryOptions, 'instance' | 'publicUrl' | 'startingUntil' | 'rosterBack'>;

const maxSampledConfigs = 200;
const comparisonMs = 10_000;
const restFactor = 9;

/** Writes back where every followed revision stands; runs whatever happened before it. */
export function createStatusStep(statusOptions: () => StatusOptions): Step<Pass> {
  // Statuses may use a tenth of the time, however many tenants a commit changes; ticks make up for what was left out.
  const restUntil = { at: Number.NEGATIVE_INFINITY };
  return {
    name: 'status',
    always: true,
    async run(pass) {
      const { world, status, memory, clock } = pass.deps;
      const startedAt = clock.monotonic();
      if (startedAt < restUntil.at && !pass.reasons.includes('tick')) return;
      // Newest first, so that a superseded commit sees its successor's newest state.
      for (const revision of [...world.tracked.values()].reverse()) {
        if (isClosed(revision)) continue;
        const options = { ...statusOptions(), now: clock.now() };
        const standing = status.submit(summarizeRevision(world, revision, options), revision.standing);
        const stands = new Map(standing.map((one) => [one.context, one]));
        const moved = !sameStanding(revision.standing, stands);
        const updated = moved
          ? { ...revision, standing: stands, movedAt: options.now, published: false }
          : revision;
        if (moved) {
          world.tracked.set(revision.sha, updated);
          memory.putFact(factKey(revision.sha), toFact(updated));
        }
        await publishVerdict(pass, updated, options);
        await pass.deps.breathe();
      }
      restUntil.at = clock.monotonic() + restFactor * (clock.monotonic() - startedAt);
    },
  };
}

async function publishVerdict(pass: Pass, revision: TrackedRevision, options: SummaryOptions): Promise<void> {
  const { world, status, engine, memory } = pass.deps;
  if (!hasVerdict(revision) || revision.published) return;
  if (awaitsComparison(pass, revision, options.now)) return;
  const report = composeReport(world, revision, options);
  const agents = await reportAgents(world, report, pass.deps.breathe);
  const hashes = [...new Set(agents.flatMap(({ effectiveHash }) => effectiveHash ?? []))].slice(
    0,
    maxSampledConfigs,
  );
  const texts = await engine.publish(revision.sha, hashes).catch(() => new Map<string, string>());
  status.publish({ ...report, agents, effectiveConfigs: Object.fromEntries(texts) } satisfies FleetReport);
  const proposal = report.revert === undefined ? undefined : proposeRevert(world, revision, options);
  if (proposal) status.proposeRevert(proposal);
  const published = { ...revision, published: true };
  world.tracked.set(revision.sha, published);
  memory.putFact(factKey(revision.sha), toFact(published));
}

/** The report waits a little for effective configs that are still being compared; ticks look, since it walks agents. */
function awaitsComparison(pass: Pass, revision: TrackedRevision, now: number): boolean {
  if (now - revision.movedAt >= comparisonMs) return false;
  if (!pass.reasons.includes('tick')) return true;
  for (const [tenant, { configs }] of revision.tenants)
    for (const config of configs)
      for (const { facts } of pass.deps.world.registry.ofConfig(tenant, config))
        if (facts.connected && facts.delivery === 'applied' && facts.sync === 'Unknown') return true;
  return false;
}

function sameStanding(before: TrackedRevision['standing'], after: TrackedRevision['standing']): boolean {
  if (before.size !== after.size) return false;
  for (const [context, one] of after) {
    const other = before.get(context);
    if (other?.state !== one.state || other.description !== one.description || other.attempt !== one.attempt)
      return false;
  }
  return true;
}
