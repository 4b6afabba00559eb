import { describe, expect, it } from 'vitest';
import { type Build, checkInventory, type InventoryAgent } from '../../../../src/validation/rules/index.ts';

const core: Build = { kind: 'known', components: new Set(['receiver/otlp', 'exporter/debug']) };
const contrib: Build = {
  kind: 'known',
  components: new Set(['receiver/otlp', 'receiver/file_log', 'receiver/filelog', 'exporter/debug']),
};
const guessed: Build = { kind: 'guess', distribution: 'core', version: '0.150.0' };
const config = ['exporter/debug', 'receiver/file_log'];

function agents(build: Build, ...names: readonly string[]): readonly InventoryAgent[] {
  return names.map((name) => ({ name, build }));
}

describe('checkInventory', () => {
  it('says nothing of agents that can run a config', () => {
    expect(checkInventory(config, agents(contrib, 'a', 'b'))).toEqual([]);
    expect(checkInventory(config, [])).toEqual([]);
  });

  it('names up to three agents and counts all of them', () => {
    const fleet = [...agents(contrib, 'ok-1'), ...agents(core, 'a', 'b', 'c', 'd', 'e')];
    expect(checkInventory(config, fleet)).toEqual([
      {
        severity: 'error',
        missing: ['receiver/file_log'],
        agents: ['a', 'b', 'c', 'd', 'e'],
        message:
          '5 of 6 agents cannot run it: no receiver/file_log (receiver/file_log: in: contrib, k8s): a, b, c and 2 more',
      },
    ]);
  });

  it('tells errors before warnings, and a guess is a warning', () => {
    const unfit = checkInventory(config, [...agents(guessed, 'g'), ...agents(core, 'a')]);
    expect(unfit.map(({ severity, agents }) => [severity, agents])).toEqual([
      ['error', ['a']],
      ['warning', ['g']],
    ]);
    expect(unfit[1]?.message).toContain('1 of 2 agents may not run it');
  });

  it('the same config is right for one version and not for another', () => {
    const at = (version: string): Build => ({ kind: 'guess', distribution: 'contrib', version });
    const fleet = [...agents(at('0.140.0'), 'old'), ...agents(at('0.150.0'), 'new')];
    expect(checkInventory(['receiver/file_log'], fleet).map(({ agents }) => agents)).toEqual([['old']]);
    expect(checkInventory(['receiver/filelog'], fleet)).toEqual([]);
  });
});
