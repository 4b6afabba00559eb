import { describe, expect, it } from 'vitest';
import { createAssigner } from '../../../src/desired-state/index.ts';
import type { AgentConfig, Assignment } from '../../../src/model/index.ts';
import { config, overlay, selector, tenant } from './tenants.ts';

const now = Date.UTC(2026, 10, 22);

function assign(
  configs: readonly AgentConfig[],
  labels: Record<string, string | readonly string[]>,
  agentVars: readonly string[] = [],
): Assignment {
  return createAssigner(tenant(configs, { fleet: { agentVars } })).assign(
    new Map(Object.entries(labels)),
    now,
  );
}

describe('who owns an agent', () => {
  const edge = config({ name: 'edge', selector: selector('role=edge') });
  const gateway = config({ name: 'gateway', selector: selector('role=gateway') });

  it('nobody where nothing matches', () => {
    expect(assign([edge, gateway], { role: 'db' })).toEqual({ kind: 'unmanaged' });
    expect(assign([], {})).toEqual({ kind: 'unmanaged' });
  });

  it('the only one that matches', () => {
    expect(assign([edge, gateway], { role: 'gateway' })).toMatchObject({
      kind: 'assigned',
      config: 'gateway',
    });
  });

  it('the highest priority', () => {
    const configs = [config({ name: 'base', priority: -100 }), edge, config({ name: 'top', priority: 7 })];
    expect(assign(configs, { role: 'edge' })).toMatchObject({ config: 'top' });
    expect(assign(configs.slice(0, 2), { role: 'edge' })).toMatchObject({ config: 'edge' });
    expect(assign(configs.slice(0, 1), { role: 'edge' })).toMatchObject({ config: 'base' });
  });

  it('nobody where two of the highest priority match', () => {
    const configs = [config({ name: 'a' }), config({ name: 'b' }), config({ name: 'low', priority: -1 })];
    expect(assign(configs, {})).toEqual({ kind: 'conflict', configs: ['a', 'b'] });
  });
});

describe('overlays', () => {
  const owner = config({
    overlays: [
      overlay({ name: 'a', when: selector('zone=a') }),
      overlay({ name: 'expired', expires: now }),
      overlay({ name: 'current', expires: now + 1 }),
      overlay({ name: 'always' }),
    ],
  });

  it('apply where they match and have not expired', () => {
    expect(assign([owner], { zone: 'b' })).toMatchObject({ overlays: [2, 3] });
    expect(assign([owner], { zone: 'a' })).toMatchObject({ overlays: [0, 2, 3] });
  });

  it('make another rendering', () => {
    const [a, b] = ['a', 'b'].map((zone) => assign([owner], { zone }));
    expect(a?.kind === 'assigned' && b?.kind === 'assigned' && a.renderKey !== b.renderKey).toBe(true);
  });
});

describe('requires.version', () => {
  const owner = config({ requires: { version: '>=0.144', components: [], featureGates: [], env: [] } });

  it.each([
    ['0.144.0', 'assigned'],
    ['v0.159.0', 'assigned'],
    ['0.143.9', 'held'],
  ])('%s is %s', (version, kind) => {
    expect(assign([owner], { 'service.version': version }).kind).toBe(kind);
  });

  it('holds an agent that reports none, with the reason', () => {
    expect(assign([owner], {})).toEqual({
      kind: 'held',
      config: 'edge',
      reason: 'requires version >=0.144; the agent reports none',
      lacks: 'version >=0.144',
    });
  });
});

describe('agent attributes', () => {
  const used = config({
    agentVarsUsed: [
      { name: 'host.name', required: true },
      { name: 'zone', required: false },
      { name: 'rack', required: true, overlay: 0 },
    ],
    overlays: [overlay({ when: selector('racked=yes') })],
  });
  const declared = ['zone', 'rack', 'host.name', 'os.type'];

  it('are those that the bodies use, in the declared order, with $ doubled', () => {
    expect(
      assign([used], { 'host.name': 'web-$17', zone: '${file:/etc/shadow}', 'os.type': 'linux' }, declared),
    ).toMatchObject({
      agentVars: [
        ['zone', '$${file:/etc/shadow}'],
        ['host.name', 'web-$$17'],
      ],
    });
  });

  it('hold the agent where one without a default is absent', () => {
    expect(assign([used], { zone: 'a' }, declared)).toMatchObject({
      kind: 'held',
      reason: expect.stringContaining('host.name'),
      lacks: 'attribute host.name',
    });
    expect(assign([used], { 'host.name': 'x' }, declared).kind).toBe('assigned');
    expect(assign([used], { 'host.name': 'x', racked: 'yes' }, declared).kind).toBe('held');
  });

  it('are all declared ones where it is not known which are used', () => {
    expect(assign([config()], { zone: 'a', rack: ['1', '2'] }, declared)).toMatchObject({
      agentVars: [
        ['zone', 'a'],
        ['rack', '1,2'],
      ],
    });
  });

  it('are read by the older name of the environment too', () => {
    const labels = { 'deployment.environment.name': 'prod' };
    expect(assign([config()], labels, ['deployment.environment'])).toMatchObject({
      agentVars: [['deployment.environment', 'prod']],
    });
  });
});

describe('render keys', () => {
  it('are equal for equal inputs, and the assignment is one object', () => {
    const assigner = createAssigner(tenant([config()]));
    const first = assigner.assign(new Map([['a', '1']]), now);
    expect(assigner.assign(new Map([['a', '2']]), now)).toBe(first);
  });

  it('differ with the inputs of the AgentConfig', () => {
    const key = (inputsHash: string) => {
      const assignment = assign([config({ inputsHash })], {});
      return assignment.kind === 'assigned' ? assignment.renderKey : '';
    };
    expect(key('a')).toBe(key('a'));
    expect(key('a')).not.toBe(key('b'));
  });
});
