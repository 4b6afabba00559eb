import { describe, expect, it } from 'vitest';
import { MusterError, type RepoContent } from '../../../../src/model/index.ts';
import {
  createPullRequestWatcher,
  type OpenPull,
  type PlanEngine,
  type PullRequestWatcherDeps,
} from '../../../../src/reconciler/index.ts';
import { createSilentLogger } from '../../../../src/runtime/index.ts';
import { createConfigWork } from '../../../../src/workers/index.ts';
import { descriptionOf, uidOf } from '../../../support/agents.ts';
import { contentOf } from '../../../support/repo-content.ts';
import { collectorText, oneTenant } from '../../../support/service.ts';
import { createTestReconciler } from '../../../support/test-reconciler.ts';

const slower = { ...oneTenant, 'edge/collector.yaml': collectorText('9s') };
const options = {
  branch: 'main',
  everyMs: 60_000,
  debounceMs: 2_000,
  refreshMs: 600_000,
  retryMs: 300_000,
  maxOpen: 3,
};

function pullOf(number: number, over: Partial<OpenPull> = {}): OpenPull {
  const head = contentOf({}, 1_000 + number).revision;
  const plain = { headBranch: `change-${number}`, mergeRef: undefined, fork: false };
  return { number, head, baseRef: 'refs/heads/main', ...plain, ...over };
}

async function createScene(over: Partial<PullRequestWatcherDeps> = {}) {
  const test = createTestReconciler();
  await test.commit(oneTenant);
  const { world } = test.reconciler;
  const work = createConfigWork();
  const now = () => test.clock.now();
  const inForce = world.head?.content as RepoContent;
  work.load(contentOf(oneTenant, 1), new Map(), now());
  const released: string[] = [];
  const engine: PlanEngine & { hasBlob(): boolean } = {
    borrow: async (content, owners) => work.borrow(content, owners, now()),
    release: (revision) => void released.push(revision),
    render: async (requests) => work.render(requests),
    compare: async (changes) => work.compare(changes),
    hasBlob: () => false,
  };
  const told: string[] = [];
  const open: OpenPull[] = [];
  const lists = { count: 0 };
  const merges: string[] = [];
  const watcher = createPullRequestWatcher(
    {
      ...{ world, engine, clock: test.clock, logger: createSilentLogger() },
      listOpen: async () => {
        lists.count += 1;
        return [...open];
      },
      readMerge: async ({ base, head }) => {
        merges.push(`${head} into ${base}`);
        return {
          kind: 'merged',
          content: { ...contentOf(slower, 77), revision: contentOf({}, 9_999).revision },
        };
      },
      onOutcome: ({ number }, outcome) =>
        void told.push(
          `${number} ${outcome.kind === 'planned' ? `${outcome.plan.state} ${outcome.plan.blast.agents}` : outcome.kind}`,
        ),
      breathe: () => Promise.resolve(),
      ...over,
    },
    options,
  );
  const look = async (ms = options.everyMs) => {
    test.clock.advance(ms);
    watcher.tick();
    await watcher.idle();
  };
  return { test, watcher, open, told, look, lists, merges, released, inForce };
}

describe('watching pull requests', () => {
  it('plans each head once, and again when the base moves', async () => {
    const { test, open, told, look, merges, released } = await createScene();
    open.push(pullOf(1));
    await look();
    await look();
    expect(told).toEqual(['1 planning', '1 ok 0']);
    await test.commit({ ...oneTenant, 'README.md': 'more\n' });
    await look();
    expect(told).toEqual(['1 planning', '1 ok 0', '1 ok 0']);
    expect(merges).toHaveLength(2);
    expect(released).toHaveLength(2);
  });

  it('plans again for another fleet, but not at once', async () => {
    const { test, open, told, look } = await createScene();
    open.push(pullOf(1));
    await look();
    test.receive({ uid: uidOf(1), sequence: 0, description: descriptionOf({ 'service.name': 'otelcol' }) });
    await test.reconciler.idle();
    await look();
    expect(told).toEqual(['1 planning', '1 ok 0']);
    await look(options.refreshMs);
    expect(told.at(-1)).toBe('1 ok 1');
  });

  it('looks at once when it is asked to, and only once for many requests', async () => {
    const { test, watcher, open, told, lists } = await createScene();
    open.push(pullOf(1));
    watcher.tick();
    await watcher.idle();
    open[0] = pullOf(2);
    watcher.request();
    watcher.request();
    test.clock.advance(options.debounceMs);
    await watcher.idle();
    expect(lists.count).toBe(2);
    expect(told.at(-1)).toBe('2 ok 0');
  });

  it('leaves other branches alone, and those past the limit', async () => {
    const { open, told, look } = await createScene();
    open.push(pullOf(9, { baseRef: 'refs/heads/release' }), ...[1, 2, 3, 4].map((number) => pullOf(number)));
    await look();
    expect(told.filter((line) => line.endsWith('planning'))).toEqual([
      '1 planning',
      '2 planning',
      '3 planning',
    ]);
  });

  it('tells the newest plan of a head while it is open', async () => {
    const { watcher, open, look } = await createScene();
    const pull = pullOf(1);
    open.push(pull);
    await look();
    expect(watcher.planOf(pull.head)).toMatchObject({ sha: pull.head, state: 'ok' });
    open.length = 0;
    await look();
    expect(watcher.planOf(pull.head)).toBeUndefined();
  });

  it('plans a head anew when somebody asks for it, and says when the fleet has moved since', async () => {
    const { test, watcher, open, told, look } = await createScene();
    const pull = pullOf(1);
    open.push(pull);
    await look();
    expect(watcher.planOf(pull.head)).toMatchObject({ pull: { number: 1 }, stale: false });
    test.receive({ uid: uidOf(1), sequence: 0, description: descriptionOf({ 'service.name': 'otelcol' }) });
    await test.reconciler.idle();
    expect(watcher.planOf(pull.head)).toMatchObject({ stale: true });
    expect(watcher.refresh(pullOf(2).head)).toBe(false);
    expect(watcher.refresh(pull.head)).toBe(true);
    test.clock.advance(options.debounceMs);
    await watcher.idle();
    expect(told.at(-1)).toBe('1 ok 1');
    expect(watcher.planOf(pull.head)).toMatchObject({ stale: false });
  });

  it('names a conflict, and a fault once, and tries again', async () => {
    let fails = true;
    const { open, told, look } = await createScene({
      readMerge: async ({ head }) => {
        if (head === pullOf(1).head) return { kind: 'conflict', paths: ['fleet.yaml'] };
        if (fails) throw new MusterError('GIT_UNREACHABLE', 'no answer', { disposition: 'transient' });
        return { kind: 'merged', content: contentOf(oneTenant, 88) };
      },
    });
    open.push(pullOf(1), pullOf(2));
    await look();
    await look();
    expect(told).toEqual(['1 planning', '1 conflict 0', '2 planning', '2 fault']);
    fails = false;
    await look(options.retryMs);
    expect(told.at(-1)).toBe('2 ok 0');
  });

  it('says nothing of a plan that the branch overtakes, and plans it for the new base soon', async () => {
    const moved: (() => Promise<unknown>)[] = [];
    const { test, open, told, look } = await createScene({
      readMerge: async () => {
        await moved.pop()?.();
        return {
          kind: 'merged',
          content: { ...contentOf(slower, 77), revision: contentOf({}, 9_999).revision },
        };
      },
    });
    moved.push(() => test.commit({ ...oneTenant, 'README.md': 'more\n' }));
    open.push(pullOf(1), pullOf(2));
    await look();
    expect(told).toEqual(['1 planning']);
    await look(options.debounceMs);
    expect(told).toEqual(['1 planning', '1 planning', '1 ok 0', '2 planning', '2 ok 0']);
  });

  it('reads nothing before the branch was read, nor after it was closed', async () => {
    const { test, watcher, lists, look } = await createScene();
    test.reconciler.world.confirmed = false;
    await look();
    expect(lists.count).toBe(0);
    await watcher.close();
    test.reconciler.world.confirmed = true;
    await look();
    expect(lists.count).toBe(0);
  });
});
