import type { BlobId } from '../../model/index.ts';
import {
  type CommitSha,
  isMusterError,
  type Plan,
  type PlanView,
  type RepoContent,
} from '../../model/index.ts';
import type { Clock, Logger } from '../../runtime/index.ts';
import type { World } from '../world.ts';
import { conflictPlan } from './conflict-plan.ts';
import { planHead } from './plan-head.ts';
import type { PlanEngine } from './ports.ts';

/** An open pull or merge request, as far as planning it goes; the Git host's adapters have this shape. */
export interface OpenPull {
  /** Undefined for the head of a merge queue, which is planned like any other. */
  readonly number: number | undefined;
  readonly head: CommitSha;
  readonly headBranch: string;
  /** Full name of the branch that it wants to go into. */
  readonly baseRef: string;
  readonly mergeRef: string | undefined;
  /** Whether its content is a stranger's. */
  readonly fork: boolean;
}

/** How far the planning of one head is. */
export type PullOutcome =
  | { readonly kind: 'planning' }
  | { readonly kind: 'planned'; readonly plan: Plan }
  | { readonly kind: 'fault'; readonly code: string };

export interface PullRequestWatcherDeps {
  readonly world: World;
  readonly engine: PlanEngine & { hasBlob(id: BlobId): boolean };
  /** Those that are open at the Git host. */
  readonly listOpen: (signal: AbortSignal) => Promise<readonly OpenPull[]>;
  /** What the base would hold with the head merged into it; a Git source has this. */
  readonly readMerge: (
    want: { readonly base: CommitSha; readonly head: CommitSha; readonly mergeRef?: string | undefined },
    known: (id: BlobId) => boolean,
    signal: AbortSignal,
  ) => Promise<
    | { readonly kind: 'merged'; readonly content: RepoContent }
    | { readonly kind: 'conflict'; readonly paths: readonly string[] }
  >;
  /** Tells the Git host; called again only where there is something new to tell. */
  readonly onOutcome: (pull: OpenPull, outcome: PullOutcome) => void;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly breathe: () => Promise<void>;
}

export interface PullRequestWatcherOptions {
  /** Name of the branch that is followed, with or without `refs/heads/`. */
  readonly branch: string;
  readonly everyMs: number;
  /** Requests within this time count as one; also the least time between two rounds. */
  readonly debounceMs: number;
  /** How old a plan may be once the fleet is another than it was made for. */
  readonly refreshMs: number;
  /** After how long a head that could not be planned is tried again. */
  readonly retryMs: number;
  /** Pull requests that are planned; of more, the first of the host's list. */
  readonly maxOpen: number;
}

/** Plans every open pull request, one at a time, whenever its head, its base or the fleet is another. */
export interface PullRequestWatcher {
  /** Looks if it is time; to be called often, costs nothing otherwise. */
  tick(): void;
  /** Asks for a look now, as a webhook does. */
  request(): void;
  /** The newest plan of a head. */
  planOf(sha: string): PlanView | undefined;
  /** Plans a head anew, whatever has changed; false where no open pull request has it. */
  refresh(sha: string): boolean;
  /** Resolves when no round is under way. */
  idle(): Promise<void>;
  close(): Promise<void>;
}

interface Planned {
  readonly base: CommitSha;
  readonly outcome: PullOutcome;
  readonly pull: number | undefined;
  readonly at: number;
  readonly fleet: string;
}

const sliceSize = 256;

/** A watcher that has not looked yet. */
export function createPullRequestWatcher(
  deps: PullRequestWatcherDeps,
  options: PullRequestWatcherOptions,
): PullRequestWatcher {
  const { world, clock, logger } = deps;
  const stop = new AbortController();
  const planned = new Map<string, Planned>();
  /** Heads that somebody wants planned anew. */
  const asked = new Set<string>();
  let running: Promise<void> | undefined;
  let dueAt = clock.monotonic();
  let cancelRequest: (() => void) | undefined;

  async function round(): Promise<void> {
    const base = world.confirmed ? world.head?.content.revision : undefined;
    if (base === undefined) return;
    const open = (await deps.listOpen(stop.signal)).filter(({ baseRef }) =>
      isBranch(baseRef, options.branch),
    );
    if (open.length > options.maxOpen)
      logger.warn(
        { open: open.length, planned: options.maxOpen },
        'more pull requests are open than are planned',
      );
    const watched = open.slice(0, options.maxOpen);
    const heads = new Set<string>(watched.map(({ head }) => head));
    for (const head of planned.keys()) if (!heads.has(head)) planned.delete(head);
    for (const head of asked) if (!heads.has(head)) asked.delete(head);
    for (const pull of watched) {
      // Once the branch has moved, all of them are planned against its new head.
      if (stop.signal.aborted || world.head?.content.revision !== base) return;
      if (asked.has(pull.head) || isDue(planned.get(pull.head), base)) await plan(pull, base);
    }
  }

  function isDue(known: Planned | undefined, base: CommitSha): boolean {
    if (!known || known.base !== base) return true;
    if (known.outcome.kind === 'fault') return clock.now() - known.at >= options.retryMs;
    return known.fleet !== fleetMark(world) && clock.now() - known.at >= options.refreshMs;
  }

  async function plan(pull: OpenPull, base: CommitSha): Promise<void> {
    if (!planned.has(pull.head)) deps.onOutcome(pull, { kind: 'planning' });
    asked.delete(pull.head);
    const fleet = fleetMark(world);
    const outcome = await planPull(pull, base);
    if (stop.signal.aborted) return;
    if (outcome.kind === 'fault' && outcome.code === 'PLAN_STALE') {
      dueAt = clock.monotonic() + options.debounceMs;
      return;
    }
    const before = planned.get(pull.head);
    planned.set(pull.head, { base, outcome, pull: pull.number, at: clock.now(), fleet });
    const isKnown =
      outcome.kind === 'fault' && before?.outcome.kind === 'fault' && before.outcome.code === outcome.code;
    if (!isKnown) deps.onOutcome(pull, outcome);
  }

  async function planPull(pull: OpenPull, base: CommitSha): Promise<PullOutcome> {
    const { head, mergeRef, number } = pull;
    try {
      const merged = await deps.readMerge({ base, head, mergeRef }, deps.engine.hasBlob, stop.signal);
      const now = clock.now();
      if (merged.kind === 'conflict')
        return { kind: 'planned', plan: conflictPlan(head, base, merged.paths, now) };
      const { content } = merged;
      const { engine, breathe } = deps;
      const target = { content, sha: head, base, showsValues: !pull.fork };
      return { kind: 'planned', plan: await planHead(world, target, { engine, breathe, sliceSize, now }) };
    } catch (error) {
      const code = isMusterError(error) ? error.code : 'ENGINE_FAULT';
      if (!stop.signal.aborted)
        logger.warn(
          { pullRequest: number, head, code, reason: String(error).slice(0, 300) },
          'a head could not be planned',
        );
      return { kind: 'fault', code };
    }
  }

  function start(): void {
    if (stop.signal.aborted || running) return;
    dueAt = clock.monotonic() + options.everyMs;
    running = round()
      .catch((error: unknown) => {
        const code = isMusterError(error) ? error.code : undefined;
        if (!stop.signal.aborted)
          logger.warn(
            { code, reason: String(error).slice(0, 300) },
            'open pull requests could not be listed',
          );
      })
      .finally(() => {
        running = undefined;
      });
  }

  const request = () => {
    cancelRequest ??= clock.after(options.debounceMs, () => {
      cancelRequest = undefined;
      if (running) dueAt = clock.monotonic();
      else start();
    });
  };

  return {
    tick() {
      if (clock.monotonic() >= dueAt) start();
    },
    request,
    planOf(sha) {
      const known = planned.get(sha);
      if (known?.outcome.kind !== 'planned') return undefined;
      const { base, fleet, pull, outcome } = known;
      const stale = base !== world.head?.content.revision || fleet !== fleetMark(world);
      return { ...outcome.plan, pull: pull === undefined ? null : { number: pull }, stale };
    },
    refresh(sha) {
      if (!planned.has(sha)) return false;
      asked.add(sha);
      request();
      return true;
    },
    async idle() {
      while (running) await running;
    },
    async close() {
      stop.abort();
      cancelRequest?.();
      await running;
    },
  };
}

function isBranch(baseRef: string, branch: string): boolean {
  return baseRef === branch || baseRef === `refs/heads/${branch}`;
}

/** Another mark is another fleet, as far as a plan is concerned; agents that only change their labels keep it. */
function fleetMark({ registry }: World): string {
  const counts = [...registry.tenants()].map((tenant) => [tenant, registry.countsOf(tenant).matched]);
  return JSON.stringify([registry.size, counts]);
}
