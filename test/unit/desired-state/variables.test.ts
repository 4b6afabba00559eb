import { describe, expect, it } from 'vitest';
import { listAgentVars } from '../../../src/desired-state/index.ts';
import { tree } from './tenants.ts';

describe('listAgentVars', () => {
  it('finds the attributes in values, required where one has no default', () => {
    const body =
      'a: $(agent.host.name)-$(agent.zone:-none)\nb: [$(agent.zone), "$(agent.rack:-)"]\n"$(agent.key)": $$(agent.no)\n';
    expect(listAgentVars(tree(body))).toEqual([
      { name: 'host.name', required: true },
      { name: 'zone', required: true },
      { name: 'rack', required: false },
    ]);
  });
});
