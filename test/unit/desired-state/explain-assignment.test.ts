import { describe, expect, it } from 'vitest';
import { explainAssignment } from '../../../src/desired-state/index.ts';
import { config, overlay, selector, tenant } from './tenants.ts';

describe('explainAssignment', () => {
  const snapshot = tenant([
    config({ name: 'base', priority: -100 }),
    config({
      name: 'edge',
      selector: selector('role=edge,zone in (a,b)'),
      overlays: [overlay({ name: 'old', expires: 5 }), overlay({ name: 'b', when: selector('zone=b') })],
    }),
  ]);

  it('names the first requirement that fails', () => {
    const { assignment, configs } = explainAssignment(snapshot, new Map([['role', 'edge']]), 10);
    expect(assignment).toMatchObject({ kind: 'assigned', config: 'base' });
    expect(configs.map(({ config: name, matches }) => [name, matches])).toEqual([
      ['edge', false],
      ['base', true],
    ]);
    expect(configs[0]?.failing).toEqual({ key: 'zone', operator: 'In', values: ['a', 'b'] });
  });

  it('says of each overlay whether it applies', () => {
    const labels = new Map([
      ['role', 'edge'],
      ['zone', 'a'],
    ]);
    expect(explainAssignment(snapshot, labels, 10).configs[0]?.overlays).toEqual([
      { overlay: 'old', applies: false, expired: true },
      {
        overlay: 'b',
        applies: false,
        expired: false,
        failing: { key: 'zone', operator: 'In', values: ['b'] },
      },
    ]);
  });
});
