import { expect, it } from 'vitest';
import { createRosterOrder } from '../../../src/fleet/roster-order.ts';
import type { AgentState } from '../../../src/model/index.ts';
import { seed } from '../../support/property.ts';

const agent = (uid: string, host: string, tenant = 'acme') =>
  ({ uid, tenant, labels: new Map([['host.name', host]]) }) as unknown as AgentState;
const keys = (order: ReturnType<typeof createRosterOrder>, tenant?: string) =>
  order.list(tenant).map(({ key }) => key);

it('lists agents by host and uid, of all tenants and of one', () => {
  const order = createRosterOrder();
  const [a, b, c] = [agent('2', 'web'), agent('1', 'web'), agent('3', 'db', 'globex')];
  for (const one of [a, b, c]) order.note(undefined, one);
  expect(keys(order)).toEqual(['db/3', 'web/1', 'web/2']);
  expect(keys(order, 'acme')).toEqual(['web/1', 'web/2']);
  order.note(c, { ...c, tenant: 'acme' as typeof c.tenant });
  expect(keys(order, 'acme')).toEqual(['db/3', 'web/1', 'web/2']);
  expect(keys(order, 'globex')).toEqual([]);
  expect(keys(order, 'nobody')).toEqual([]);
});

it('gives the same list again while nobody comes, goes or is renamed', () => {
  const order = createRosterOrder();
  const one = agent('1', 'web');
  order.note(undefined, one);
  const list = order.list();
  order.note(one, { ...one, lastSeenAt: 5 });
  expect(order.list()).toBe(list);
  order.note(one, agent('1', 'www'));
  expect(keys(order)).toEqual(['www/1']);
});

it('is what sorting anew would give, whatever comes and goes', () => {
  const state = { value: seed };
  const random = () => {
    state.value = (Math.imul(state.value, 1_664_525) + 1_013_904_223) >>> 0;
    return state.value / 2 ** 32;
  };
  const order = createRosterOrder();
  const present = new Map<string, AgentState>();
  for (let step = 0; step < 2_000; step += 1) {
    const uid = String(Math.floor(random() * 60));
    const before = present.get(uid);
    const after =
      random() < 0.3 ? undefined : agent(uid, `h${Math.floor(random() * 9)}`, random() < 0.5 ? 'a' : 'b');
    order.note(before, after);
    if (after) present.set(uid, after);
    else present.delete(uid);
    if (step % 7 !== 0) continue;
    const expected = (tenant?: string) =>
      [...present.values()]
        .filter((one) => tenant === undefined || one.tenant === tenant)
        .map((one) => `${one.labels.get('host.name')}/${one.uid}`)
        .sort();
    expect(keys(order)).toEqual(expected());
    expect(keys(order, 'a')).toEqual(expected('a'));
  }
});
