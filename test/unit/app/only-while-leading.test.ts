import { beforeEach, expect, it } from 'vitest';
import { actsWhileLeading, onlyWhileLeading } from '../../../src/app/only-while-leading.ts';
import type { FleetActs } from '../../../src/http-api/index.ts';

const act = { actor: 'operator', reason: 'why' };
let isLeading: boolean;
let done: string[];

beforeEach(() => {
  isLeading = true;
  done = [];
});

const leads = () => isLeading;
const note = (name: string) => () => void done.push(name);
const acts: FleetActs = {
  sync: note('sync'),
  approve: (sha) => [sha],
  stop: note('stop'),
  start: note('start'),
  retry: note('retry'),
  restart: note('restart'),
  approveAgent: async () => undefined,
  pendingAgents: () => [],
  rollouts: {
    pause: (id) => void done.push(`pause ${id}`),
    resume: note('resume'),
    abort: note('abort'),
    retry: note('retry'),
    approve: note('approve'),
    pin: note('pin'),
    unpin: note('unpin'),
  },
};

it('passes everything on while it leads', async () => {
  const guarded = actsWhileLeading(acts, leads);
  guarded.stop(act);
  guarded.rollouts.pause('acme/edge', act);
  expect(guarded.approve('1a2b3c4', act)).toEqual(['1a2b3c4']);
  expect(await onlyWhileLeading(leads, async (n: number) => n + 1)(1)).toBe(2);
  expect(done).toEqual(['stop', 'pause acme/edge']);
});

it('refuses what would be decided while another might lead', async () => {
  isLeading = false;
  const guarded = actsWhileLeading(acts, leads);
  expect(() => guarded.stop(act)).toThrow(expect.objectContaining({ code: 'NOT_LEADING' }));
  expect(() => guarded.rollouts.pause('acme/edge', act)).toThrow(
    expect.objectContaining({ code: 'NOT_LEADING' }),
  );
  await expect(onlyWhileLeading(leads, async () => 1)()).rejects.toMatchObject({ disposition: 'transient' });
  expect(guarded.pendingAgents('*')).toEqual([]);
  expect(done).toEqual([]);
});
