import { describe, expect, it } from 'vitest';
import type { AgentConfig, FleetEvent, InstanceUid } from '../../../src/model/index.ts';
import { agentCapability } from '../../../src/model/index.ts';
import { createComponentBook } from '../../../src/reconciler/component-book.ts';
import { inherit } from '../../../src/reconciler/inherit.ts';
import { limitEvents } from '../../../src/reconciler/limit-events.ts';
import { createTenantMaps } from '../../../src/reconciler/tenant-maps.ts';
import { createWorld, type World } from '../../../src/reconciler/world.ts';
import { agentOf, fullCapabilities, hashOf, renderedOf, reportOf, uidOf } from '../../support/agents.ts';

const lists = fullCapabilities | agentCapability.reportsAvailableComponents;
const hex = (number: number) => number.toString(16).padStart(64, '0');
const config = { requires: { components: [] } } as unknown as AgentConfig;
const target = { ...renderedOf('a'), components: ['exporter/kafka'] };

describe('what agents of one tenant do', () => {
  it('forgets no build of another tenant, however many hashes they report', () => {
    const book = createComponentBook();
    const victim = agentOf({ tenant: 'acme', capabilities: lists, componentsHash: hex(1) });
    book.take('acme', reportOf({ availableComponentsHash: hex(1), availableComponents: ['exporter/otlp'] }));
    for (let number = 2; number < 10_000; number += 1)
      book.take(
        'globex',
        reportOf({ availableComponentsHash: hex(number), availableComponents: ['exporter/kafka'] }),
      );
    expect(book.missing(victim, target, config)).toEqual(['exporter/kafka']);
  });

  it('C-AC-1 [S] decides nothing about a hash that another tenant reports', () => {
    const book = createComponentBook();
    book.take(
      'globex',
      reportOf({ availableComponentsHash: hex(1), availableComponents: ['exporter/otlp'] }),
    );
    const agent = agentOf({ tenant: 'acme', capabilities: lists, componentsHash: hex(1) });
    expect(book.missing(agent, target, config)).toEqual([]);
    expect(book.mustAsk(agent, 0)).toBe(true);
  });

  it('C-AC-1 [S] holds an offer up for ten seconds at most, whoever does not answer', () => {
    const book = createComponentBook();
    const agent = agentOf({ tenant: 'acme', capabilities: lists, componentsHash: hex(1) });
    expect(book.mustAsk(agent, 0)).toBe(true);
    expect([1, 9_999, 10_000, 30_000].map((now) => book.isAwaited(agent, now))).toEqual([
      true,
      true,
      false,
      false,
    ]);
    expect(book.mustAsk(agent, 59_999)).toBe(false);
  });

  it('keeps the newest of its own and every entry of others', () => {
    const evicted: string[] = [];
    const maps = createTenantMaps<number, string>(2, (tenant, key) => void evicted.push(`${tenant}/${key}`));
    maps.set('acme', 1, 'a');
    for (const key of [1, 2, 1, 3]) maps.set('globex', key, 'g');
    expect(evicted).toEqual(['globex/2']);
    expect([maps.get('acme', 1), maps.get('globex', 2), maps.size]).toEqual(['a', undefined, 3]);
  });

  it('pushes no event of another tenant, or of a person, out of the history', () => {
    const passed: FleetEvent[] = [];
    let now = 0;
    const onEvent = limitEvents(
      () => now,
      (event) => void passed.push(event),
    );
    const flood = { at: 0, kind: 'certificate-refused', tenant: 'globex', message: 'again' };
    for (let number = 0; number < 10_000; number += 1) onEvent(flood);
    onEvent({ ...flood, kind: 'stopped', actor: 'operator' });
    onEvent({ ...flood, tenant: 'acme' });
    expect(passed).toHaveLength(302);
    expect(passed.filter(({ kind }) => kind === 'events-left-out')).toHaveLength(1);
    expect(passed.slice(-2).map(({ tenant }) => tenant)).toEqual(['globex', 'acme']);
    now = 60_000;
    onEvent(flood);
    expect(passed).toHaveLength(303);
  });
});

describe('a bridge that starts again', () => {
  const identified = { type: 'otelcol-cr', labels: new Map([['cluster', 'eu-1']]) } as const;
  const failed = [{ hash: hashOf('f'), at: 0, reason: '', version: '' }];
  const bridge = (uid: InstanceUid, over: object = {}) => agentOf({ ...identified, uid, ...over });

  function worldWith(over: object): World {
    const world = createWorld(() => ({ kind: 'held', reason: 'none in this test' }));
    const before = bridge(uidOf(1), { failedHashes: failed, ...over });
    inherit(world, before);
    const facts = { delivery: 'unmanaged' } as never;
    world.registry.put({ agent: before, assignment: { kind: 'unmanaged' }, facts });
    return world;
  }

  it('C-ID-6 [I] under another uid takes over what it refused, and the place in the roster', () => {
    const world = worldWith({ connected: false });
    const found = inherit(world, bridge(uidOf(2)));
    expect(found).toMatchObject({ replaces: uidOf(1), agent: { failedHashes: failed } });
  });

  it.each([
    ['one that is connected', { connected: true }],
    ['one of another tenant', { connected: false, tenant: 'globex' }],
    ['one with another credential', { connected: false, credential: 'other' }],
  ])('takes nothing over from %s that describes itself alike', (_, over) => {
    const world = worldWith(over);
    const found = inherit(world, bridge(uidOf(2)));
    expect(found.replaces).toBeUndefined();
    expect(found.agent.failedHashes).toEqual([]);
    expect(world.registry.get(uidOf(1))).toBeDefined();
  });
});
