import { describe, expect, it } from 'vitest';
import { instanceUid } from '../../../src/model/index.ts';
import { type Behaviour, type FleetPlan, planAgents } from '../../../src/simulator/index.ts';

function plan(over: Partial<FleetPlan> = {}) {
  let uids = 0;
  const whole: FleetPlan = {
    count: 200,
    webSocketUrl: 'ws://h/v1/opamp',
    httpUrl: 'http://h/v1/opamp',
    httpShare: 0,
    behaviours: new Map(),
    duplicateShare: 0,
    localAddresses: [],
    common: { attributes: { 'service.name': 'otelcol' } },
    ...over,
  };
  const agent = planAgents(whole, () => {
    uids += 1;
    return instanceUid(`01936f2e-8c1a-7b42-9d55-${String(uids).padStart(12, '0')}`);
  });
  return { agent, all: Array.from({ length: whole.count }, (_, index) => agent(index, 0)) };
}

describe('a planned fleet', () => {
  it.each([1, 2, 7, 10, 97, 200, 1_000])('of %i has exactly the shares that are asked for', (count) => {
    const behaviours = new Map<Behaviour, number>([
      ['fail', 0.3],
      ['slow', 0.2],
    ]);
    const { all } = plan({ count, behaviours, httpShare: 0.25 });
    const has = (behaviour: string) => all.filter((one) => one.behaviour === behaviour).length;
    const wanted = (share: number) => Math.max(1, Math.round(share * count));
    expect(has('fail')).toBe(wanted(0.3));
    expect(has('slow')).toBe(Math.min(wanted(0.2), count - has('fail')));
    expect(has('apply')).toBe(count - has('fail') - has('slow'));
    expect(all.filter(({ url }) => url.startsWith('http'))).toHaveLength(wanted(0.25));
  });

  it('spreads them: no tenth of the numbers is without', () => {
    const { all } = plan({ behaviours: new Map([['fail', 0.2]]) });
    for (let from = 0; from < 200; from += 20)
      expect(
        all.slice(from, from + 20).filter(({ behaviour }) => behaviour === 'fail').length,
      ).toBeGreaterThan(1);
  });

  it('gives clones the uid of the agent before them, and to nobody else one before it starts', () => {
    const { all } = plan({ duplicateShare: 0.1 });
    const clones = all.filter(({ uid }, index) => uid !== undefined && uid === all[index - 1]?.uid);
    expect(clones).toHaveLength(20);
    expect(plan().all.filter(({ uid }) => uid !== undefined)).toEqual([]);
  });

  it('gives a replacement the behaviour, but neither the uid nor the host name', () => {
    const { agent, all } = plan({ duplicateShare: 1, behaviours: new Map([['drift', 1]]) });
    expect(all[3]).toMatchObject({ uid: all[2]?.uid, attributes: { 'host.name': 'sim-4' } });
    expect(agent(3, 1)).toMatchObject({ behaviour: 'drift', attributes: { 'host.name': 'sim-4-1' } });
    expect(agent(3, 1).uid).toBeUndefined();
  });

  it('calls from all addresses in turn', () => {
    const { all } = plan({ count: 5, localAddresses: ['127.0.0.2', '127.0.0.3'] });
    expect(all.map(({ localAddress }) => localAddress?.at(-1))).toEqual(['2', '3', '2', '3', '2']);
  });
});
