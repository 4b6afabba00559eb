import { describe, expect, it } from 'vitest';
import { validateRepo } from '../../../../src/validation/index.ts';
import { type Build, checkFleetBuilds, type FleetAgent } from '../../../../src/validation/rules/index.ts';
import { createMemoryRepo } from '../../../support/memory-repo.ts';

const now = Date.UTC(2026, 10, 22);
const repo = {
  'edge.yaml': `kind: AgentConfig
selector: {matchLabels: {role: edge}}
config: body.yaml
overlays:
  - {name: windows, when: {matchLabels: {os.type: windows}}, config: windows.yaml}
`,
  'body.yaml': `receivers: {file_log: {include: [/var/log/*.log]}}
exporters: {debug: {}}
service: {pipelines: {logs: {receivers: [file_log], exporters: [debug]}}}
`,
  'windows.yaml': `receivers: {windows_event_log: {channel: application}}
service: {pipelines: {logs: {receivers: [windows_event_log]}}}
`,
};

function check(files: Readonly<Record<string, string>>, agents: readonly FleetAgent[]) {
  const { content, readBlob } = createMemoryRepo(files);
  const snapshot = validateRepo({ content, readBlob, now });
  return checkFleetBuilds(snapshot, agents, (_path, blob) => readBlob(blob), now);
}

function agent(name: string, labels: Readonly<Record<string, string>>, build: Build): FleetAgent {
  return { name, tenant: 'default', labels: new Map(Object.entries(labels)), build };
}

const known = (...components: readonly string[]): Build => ({
  kind: 'known',
  components: new Set(components),
});
const contrib = known('receiver/file_log', 'receiver/filelog', 'exporter/debug');
const core = known('receiver/otlp', 'exporter/debug');

describe('checkFleetBuilds', () => {
  it('tells at the AgentConfig which of its agents cannot run it', () => {
    const agents = [
      agent('a', { role: 'edge' }, contrib),
      agent('b', { role: 'edge' }, core),
      agent('c', { role: 'edge' }, core),
      agent('other', { role: 'gateway' }, core),
      { ...agent('elsewhere', { role: 'edge' }, core), tenant: 'unknown' },
    ];
    expect(check(repo, agents)).toEqual([
      {
        code: 'OC020',
        severity: 'error',
        file: 'edge.yaml',
        line: 1,
        column: 1,
        message:
          '2 of 3 agents cannot run it: no receiver/file_log (receiver/file_log: in: contrib, k8s): b, c',
        tenant: 'default',
        config: 'edge',
      },
    ]);
  });

  it('judges agents by the overlays that they get', () => {
    const agents = [
      agent('l', { role: 'edge' }, contrib),
      agent('w', { role: 'edge', 'os.type': 'windows' }, contrib),
    ];
    const [problem, ...others] = check(repo, agents);
    expect(others).toEqual([]);
    expect(problem?.message).toContain('1 of 1 agent cannot run it: no receiver/windows_event_log');
  });

  it('a guess warns, and a Fleet may turn it off', () => {
    const old: Build = { kind: 'guess', distribution: 'contrib', version: '0.140.0' };
    const agents = [agent('old', { role: 'edge' }, old)];
    expect(check(repo, agents).map(({ severity }) => severity)).toEqual(['warning']);
    expect(check({ ...repo, 'fleet.yaml': 'kind: Fleet\nrules: {OC020: off}\n' }, agents)).toEqual([]);
  });
});
