import { describe, expect, it } from 'vitest';
import type { Snapshot } from '../../../src/model/index.ts';
import { repoCodes, validateRepo } from '../../../src/validation/index.ts';
import { createMemoryRepo } from '../../support/memory-repo.ts';

const now = Date.UTC(2026, 10, 22);
const body = `receivers: {otlp: {protocols: {grpc: {}}}}
processors: {memory_limiter: {check_interval: 1s, limit_mib: 100}}
exporters: {debug: {}}
service: {pipelines: {logs: {receivers: [otlp], processors: [memory_limiter], exporters: [debug]}}}
`;
const edge = 'kind: AgentConfig\nselector: {matchLabels: {role: edge}}\nconfig: body.yaml\n';
const token = 'ab'.repeat(32);

type Files = Readonly<Record<string, string | Uint8Array>>;

const base: Files = {
  'tenants/acme/tenant.yaml': 'kind: Tenant\n',
  'tenants/acme/edge.yaml': edge,
  'tenants/acme/body.yaml': body,
};

function validate(files: Files, others: Readonly<Record<string, 'symlink' | 'submodule'>> = {}): Snapshot {
  return validateRepo({ ...createMemoryRepo(files, others), now });
}

function list(snapshot: Snapshot): readonly string[] {
  return snapshot.problems.map(({ code, file, line, column }) => `${code} ${file}:${line}:${column}`);
}

it('the base of this table has no problems', () => {
  expect(list(validate(base))).toEqual([]);
});

interface Case {
  readonly name: string;
  readonly files: Files;
  readonly others?: Readonly<Record<string, 'symlink' | 'submodule'>>;
  readonly problems: readonly string[];
}

const shape: readonly Case[] = [
  {
    name: 'FR001 a kind within two edits',
    files: { 'tenants/acme/edge.yaml': edge.replace('AgentConfig', 'AgentConfg') },
    problems: ['FR001 tenants/acme/edge.yaml:1:7'],
  },
  {
    name: 'a kind of another system with its apiVersion is none of ours',
    files: { 'tenants/acme/deploy.yaml': 'apiVersion: apps/v1\nkind: Tenent\n' },
    problems: [],
  },
  {
    name: 'a template of another system need not be YAML',
    files: { 'tenants/acme/deploy.yaml': 'kind: Deployment\n{{ if .x }}\n  a: b\n{{ end }}\n' },
    problems: [],
  },
  {
    name: 'FR002 a Fleet that is not at the root',
    files: { 'base/fleet.yaml': 'kind: Fleet\n' },
    problems: ['FR002 base/fleet.yaml:1:1'],
  },
  {
    name: 'FR003 an AgentConfig outside a tenant',
    files: { 'base/edge.yaml': edge },
    problems: ['FR003 base/edge.yaml:1:1'],
  },
  {
    name: 'FR004 an object and a body in one file',
    files: { 'tenants/acme/edge.yaml': `${edge}---\nreceivers: {}\n` },
    problems: ['FR004 tenants/acme/edge.yaml:5:1'],
  },
  {
    name: 'several objects in one file are fine',
    files: { 'tenants/acme/edge.yaml': `${edge}---\n${edge.replace('role: edge', 'role: x')}name: other\n` },
    problems: [],
  },
  {
    name: 'FR005 an unknown key',
    files: { 'tenants/acme/edge.yaml': `${edge}prority: 3\n` },
    problems: ['FR005 tenants/acme/edge.yaml:4:1'],
  },
  {
    name: 'FR005 an unknown key far inside',
    files: { 'tenants/acme/tenant.yaml': 'kind: Tenant\nlimits:\n  maxAgent: 3\n' },
    problems: ['FR005 tenants/acme/tenant.yaml:3:3'],
  },
  {
    name: 'FR006 a value of the wrong type',
    files: { 'tenants/acme/edge.yaml': `${edge}priority: high\n` },
    problems: ['FR006 tenants/acme/edge.yaml:4:11'],
  },
  {
    name: 'FR006 neither of the alternatives',
    files: { 'tenants/acme/tenant.yaml': 'kind: Tenant\nenrollment:\n  - {name: a}\n' },
    problems: ['FR006 tenants/acme/tenant.yaml:3:5'],
  },
  {
    name: 'FR007 a missing selector',
    files: { 'tenants/acme/edge.yaml': 'kind: AgentConfig\nconfig: body.yaml\n' },
    problems: ['FR007 tenants/acme/edge.yaml:1:1'],
  },
  {
    name: 'FR008 a file whose name is no name',
    files: { 'tenants/acme/Edge_2.yaml': edge.replace('role: edge', 'role: other') },
    problems: ['FR008 tenants/acme/Edge_2.yaml:1:1'],
  },
  {
    name: 'FR008 a reserved name',
    files: { 'tenants/acme/plan.yaml': edge.replace('role: edge', 'role: other') },
    problems: ['FR008 tenants/acme/plan.yaml:1:1'],
  },
  {
    name: 'FR008 a folder that cannot be a tenant',
    files: { 'tenants/Fleet/tenant.yaml': 'kind: Tenant\n' },
    problems: ['FR008 tenants/Fleet:1:1'],
  },
  {
    name: 'FR009 a tenant that is not named like its folder',
    files: { 'tenants/acme/tenant.yaml': 'kind: Tenant\nname: acne\n' },
    problems: ['FR009 tenants/acme/tenant.yaml:2:7'],
  },
  {
    name: 'FR010 two AgentConfigs of one name',
    files: { 'tenants/acme/other.yaml': `${edge.replace('role: edge', 'role: other')}name: edge\n` },
    problems: ['FR010 tenants/acme/other.yaml:4:7'],
  },
  {
    name: 'FR010 one Rollout name in the tenant and at the root',
    files: {
      'rollouts/careful.yaml': 'kind: Rollout\nsteps: [{name: a, count: 1}]\n',
      'tenants/acme/careful.yaml': 'kind: Rollout\nsteps: [{name: a, count: 1}]\n',
    },
    problems: ['FR010 tenants/acme/careful.yaml:1:1'],
  },
  {
    name: 'FR011 a body that nothing names',
    files: {
      'tenants/acme/old.yaml': body,
      'base/old.yaml': body,
      '.github/workflows/ci.yaml': 'on: push\n',
    },
    problems: ['FR011 base/old.yaml:1:1', 'FR011 tenants/acme/old.yaml:1:1'],
  },
  {
    name: 'FR013 a tenant folder without tenant.yaml',
    files: { 'tenants/globex/edge.yaml': edge, 'tenants/globex/body.yaml': body },
    problems: ['FR013 tenants/globex/tenant.yaml:1:1'],
  },
  {
    name: 'FR014 a Tenant in another file',
    files: { 'tenants/acme/x/tenant.yaml': 'kind: Tenant\n' },
    problems: ['FR014 tenants/acme/x/tenant.yaml:1:1'],
  },
  {
    name: 'FR015 a Connection that is not granted',
    files: { 'tenants/acme/conn.yaml': 'kind: Connection\nselector: {}\n' },
    problems: ['FR015 tenants/acme/conn.yaml:1:1'],
  },
];

const references: readonly Case[] = [
  {
    name: 'FR020 a file that is not there',
    files: { 'tenants/acme/edge.yaml': edge.replace('body.yaml', 'bodi.yaml') },
    problems: ['FR011 tenants/acme/body.yaml:1:1', 'FR020 tenants/acme/edge.yaml:3:9'],
  },
  {
    name: 'FR021 another tenant’s file',
    files: {
      'tenants/globex/tenant.yaml': 'kind: Tenant\n',
      'tenants/globex/own.yaml': edge.replace('body.yaml', '/tenants/acme/body.yaml'),
    },
    problems: ['FR021 tenants/globex/own.yaml:3:9'],
  },
  {
    name: 'FR021 a folder that is not shared',
    files: {
      'tenants/acme/edge.yaml': edge.replace('body.yaml', '[body.yaml, /base/x.yaml]'),
      'base/x.yaml': body,
    },
    problems: ['FR021 tenants/acme/edge.yaml:3:21'],
  },
  {
    name: 'FR022 two dots',
    files: { 'tenants/acme/edge.yaml': edge.replace('body.yaml', '[body.yaml, ../globex/body.yaml]') },
    problems: ['FR022 tenants/acme/edge.yaml:3:21'],
  },
  {
    name: 'FR022 sharing the tenants’ folders',
    files: { 'fleet.yaml': 'kind: Fleet\nsharedPaths: [tenants/acme]\n' },
    problems: ['FR022 fleet.yaml:2:15'],
  },
  {
    name: 'FR023 a symbolic link',
    files: { 'tenants/acme/edge.yaml': edge.replace('body.yaml', '[body.yaml, link]') },
    others: { 'tenants/acme/link': 'symlink' },
    problems: ['FR023 tenants/acme/edge.yaml:3:21'],
  },
  {
    name: 'FR023 an object behind a link',
    files: {},
    others: { 'tenants/acme/more.yaml': 'symlink' },
    problems: ['FR023 tenants/acme/more.yaml:1:1'],
  },
  {
    name: 'FR023 a file inside a submodule',
    files: { 'tenants/acme/edge.yaml': edge.replace('body.yaml', '[body.yaml, vendor/x.yaml]') },
    others: { 'tenants/acme/vendor': 'submodule' },
    problems: ['FR023 tenants/acme/edge.yaml:3:21'],
  },
  {
    name: 'FR023 a Git LFS pointer',
    files: {
      'tenants/acme/body.yaml': 'version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n',
    },
    problems: ['FR023 tenants/acme/body.yaml:1:1', 'FR023 tenants/acme/edge.yaml:3:9'],
  },
  {
    name: 'FR024 a file over 1 MiB',
    files: { 'tenants/acme/body.yaml': `# ${'x'.repeat(1024 * 1024)}\n` },
    problems: ['FR024 tenants/acme/body.yaml:1:1', 'FR024 tenants/acme/edge.yaml:3:9'],
  },
  {
    name: 'FR025 too many layers',
    files: {
      'tenants/acme/edge.yaml': edge.replace('body.yaml', `[${Array(33).fill('body.yaml').join(', ')}]`),
    },
    problems: ['FR025 tenants/acme/edge.yaml:1:1'],
  },
  {
    name: 'FR025 too many files',
    files: { 'tenants/acme/tenant.yaml': 'kind: Tenant\nlimits: {maxFiles: 2}\n' },
    problems: ['FR025 tenants/acme/tenant.yaml:1:1'],
  },
  {
    name: 'FR026 names that differ by case',
    files: {
      'tenants/acme/BODY.yaml': body,
      'tenants/acme/edge.yaml': edge.replace('body.yaml', '[BODY.yaml, body.yaml]'),
    },
    problems: ['FR026 tenants/acme/body.yaml:1:1'],
  },
  {
    name: 'FR027 a line break in a name',
    files: { 'tenants/acme/a\nb.yaml': body },
    problems: ['FR027 tenants/acme/a?b.yaml:1:1'],
  },
  {
    name: 'FR028 an object as a body',
    files: { 'tenants/acme/edge.yaml': edge.replace('body.yaml', '[body.yaml, tenant.yaml]') },
    problems: ['FR028 tenants/acme/edge.yaml:3:21'],
  },
  {
    name: 'FR029 patterns without a match',
    files: { 'fleet.yaml': 'kind: Fleet\nsharedPaths: [none]\ndefaults: [base/*.yaml]\n' },
    problems: ['FR029 fleet.yaml:2:15', 'FR029 fleet.yaml:3:12'],
  },
];

const manifests: readonly Case[] = [
  {
    name: 'FR030 one token in two new tenants',
    files: {
      'tenants/acme/tenant.yaml': `kind: Tenant\nenrollment: [{name: a, tokenSha256: ${token}}]\n`,
      'tenants/globex/tenant.yaml': `kind: Tenant\nenrollment: [{name: b, tokenSha256: ${token.toUpperCase()}}]\n`,
    },
    problems: ['FR030 tenants/acme/tenant.yaml:2:14', 'FR030 tenants/globex/tenant.yaml:2:14'],
  },
  {
    name: 'FR031 one token twice in one tenant, and one overlay name twice',
    files: {
      'tenants/acme/tenant.yaml': `kind: Tenant\nenrollment:\n  - {name: a, tokenSha256: ${token}}\n  - {name: b, tokenSha256: ${token}}\n`,
      'tenants/acme/edge.yaml': `${edge}overlays: [{name: a, when: {}}, {name: a, when: {}}]\n`,
    },
    problems: ['FR031 tenants/acme/edge.yaml:4:40', 'FR031 tenants/acme/tenant.yaml:4:5'],
  },
  {
    name: 'FR031 one step name twice, and a step’s selector',
    files: {
      'tenants/acme/careful.yaml':
        'kind: Rollout\nsteps:\n  - {name: a, count: 1}\n  - {name: a, selector: {matchLabel: {}}}\n',
    },
    problems: ['FR031 tenants/acme/careful.yaml:4:12', 'FR102 tenants/acme/careful.yaml:4:26'],
  },
  {
    name: 'FR006 a header that holds its value',
    files: {
      'connections/default.yaml':
        'kind: Connection\nselector: {}\nother: {logs: {endpoint: "https://x", headers: {a: token}}}\n',
    },
    problems: ['FR006 connections/default.yaml:3:52'],
  },
  {
    name: 'FR006 a key of the wrong form',
    files: { 'fleet.yaml': 'kind: Fleet\nlabels: [{selector: {}, set: {ring: canary}}]\n' },
    problems: ['FR006 fleet.yaml:2:31'],
  },
  {
    name: 'FR032 an expired overlay',
    files: { 'tenants/acme/edge.yaml': `${edge}overlays: [{name: a, when: {}, expires: 2026-11-21}]\n` },
    problems: ['FR032 tenants/acme/edge.yaml:4:41'],
  },
  {
    name: 'FR033 an unknown rollout',
    files: { 'tenants/acme/edge.yaml': `${edge}rollout: careful\n` },
    problems: ['FR033 tenants/acme/edge.yaml:4:10'],
  },
  {
    name: 'rollout: immediate',
    files: { 'tenants/acme/edge.yaml': `${edge}rollout: immediate\n` },
    problems: [],
  },
  {
    name: 'FR034 after an AgentConfig that is not there',
    files: { 'tenants/acme/edge.yaml': `${edge}after: [gateway]\n` },
    problems: ['FR034 tenants/acme/edge.yaml:4:9'],
  },
  {
    name: 'FR034 after in a circle',
    files: {
      'tenants/acme/edge.yaml': `${edge}after: [other]\n`,
      'tenants/acme/other.yaml': `${edge.replace('role: edge', 'role: o')}after: [edge]\n`,
    },
    problems: ['FR034 tenants/acme/edge.yaml:4:1', 'FR034 tenants/acme/other.yaml:4:1'],
  },
  {
    name: 'FR035 two owners',
    files: { 'tenants/acme/other.yaml': edge.replace('role: edge', 'os.type: linux') },
    problems: ['FR035 tenants/acme/other.yaml:1:1'],
  },
  {
    name: 'a higher priority settles two owners',
    files: { 'tenants/acme/other.yaml': `${edge.replace('role: edge', 'os.type: linux')}priority: 1\n` },
    problems: [],
  },
  {
    name: 'FR036 limits wider than granted',
    files: {
      'fleet.yaml': 'kind: Fleet\ntenants: {"*": {limits: {maxAgents: 10}}}\n',
      'tenants/acme/tenant.yaml': 'kind: Tenant\nlimits: {maxAgents: 11}\n',
    },
    problems: ['FR036 tenants/acme/tenant.yaml:2:1'],
  },
  {
    name: 'FR037 neither config nor files',
    files: {
      'tenants/acme/edge.yaml': edge.replace('config: body.yaml\n', ''),
      'tenants/acme/body.yaml': edge,
    },
    problems: ['FR037 tenants/acme/edge.yaml:1:1', 'FR028 tenants/acme/body.yaml:3:9'].toSorted(),
  },
  {
    name: 'FR038 a range that is none',
    files: { 'tenants/acme/edge.yaml': `${edge}requires: {version: newest}\n` },
    problems: ['FR038 tenants/acme/edge.yaml:4:21'],
  },
  {
    name: 'FR039 a rule that is none or is fixed',
    files: { 'fleet.yaml': 'kind: Fleet\nrules: {OC999: off, OC001: warning, OC041: off}\n' },
    problems: ['FR039 fleet.yaml:2:9', 'FR039 fleet.yaml:2:21'],
  },
  {
    name: 'FR040 keys of other agent types',
    files: { 'tenants/acme/edge.yaml': `${edge}delete: [a/b]\n` },
    problems: ['FR040 tenants/acme/edge.yaml:4:1'],
  },
  {
    name: 'FR042 a day that does not exist',
    files: { 'tenants/acme/edge.yaml': `${edge}overlays: [{name: a, when: {}, expires: 2027-02-30}]\n` },
    problems: ['FR042 tenants/acme/edge.yaml:4:41'],
  },
  {
    name: 'FR10x a selector’s own problems',
    files: { 'tenants/acme/edge.yaml': edge.replace('matchLabels', 'matchLabel') },
    problems: ['FR102 tenants/acme/edge.yaml:2:12'],
  },
  {
    name: 'OC001 an object that is not YAML',
    files: {
      'tenants/acme/edge.yaml': 'kind: AgentConfig\nselector: {a: [}\n',
      'tenants/acme/body.yaml': edge,
    },
    problems: ['FR028 tenants/acme/body.yaml:3:9', 'OC001 tenants/acme/edge.yaml:2:16'],
  },
];

describe.each([
  ['shape', shape],
  ['references', references],
  ['manifests', manifests],
])('%s', (_group, cases) => {
  it.each(cases.map((one) => [one.name, one] as const))('%s', (_name, { files, others, problems }) => {
    expect(list(validate({ ...base, ...files }, others))).toEqual(problems);
  });
});

/** Tried in kinds.test.ts and policy.test.ts. */
const kindCodes = ['FR045', 'FR046', 'FR047', 'FR048', 'FR049', 'FR050', 'FR051', 'FR052', 'FR053', 'FR054'];
const policyCodes = ['FR060', 'FR061', 'FR062', 'FR063', 'FR064'];

it('every code of the fleet repo is tried here or where rendering is tested', () => {
  const tried = new Set(
    [...shape, ...references, ...manifests].flatMap(({ problems }) => problems.map((one) => one.slice(0, 5))),
  );
  const elsewhere = ['FR041', 'FR043', 'FR044', ...kindCodes, ...policyCodes];
  expect(Object.keys(repoCodes).filter((code) => !tried.has(code))).toEqual(elsewhere);
});
