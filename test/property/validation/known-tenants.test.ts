import { describe, expect, it } from 'vitest';
import type { BlobId, Snapshot } from '../../../src/model/index.ts';
import { createRepoValidator, credentialClaim, validateRepo } from '../../../src/validation/index.ts';
import { createMemoryRepo } from '../../support/memory-repo.ts';
import fc from '../../support/property.ts';
import { collectorText } from '../../support/service.ts';

type Files = Readonly<Record<string, string>>;

const token = (letter: string) => `enrollment: [{name: ${letter}, tokenSha256: ${letter.repeat(64)}}]\n`;
const edge = (rest: string) => `kind: AgentConfig\nselector: {matchLabels: {role: edge}}\n${rest}`;
const overlay = (expires: string) =>
  `overlays: [{name: east, when: {matchLabels: {zone: east}}, expires: ${expires}, vars: {wait: 2s}}]\n`;
const bodies = [
  collectorText(),
  collectorText().replace('[debug]', '[debgu]'),
  'processors: {batch: {timeout: "$(vars.wait)"}}\n',
  'receivers: [',
];
const agentConfigs = [
  edge('config: body.yaml\n'),
  edge('config: /base/all.yaml\n'),
  edge('config: /tenants/globex/body.yaml\n'),
  edge('config: bodi.yaml\n'),
  edge('config: body.yaml\nrollout: careful\n'),
  edge(`config: body.yaml\n${overlay('2028-01-01')}`),
  edge(`config: none.yaml\n${overlay('2028-01-01')}`),
  edge(`config: body.yaml\npriority: high\n`),
  'kind: AgentConfig\nselector: [\n',
];
const tenants = [
  'kind: Tenant\n',
  `kind: Tenant\n${token('a')}`,
  `kind: Tenant\nvars: {wait: 1s}\n${token('b')}`,
];

/** What may stand at each path; the first of each is where a story begins, and every file may be gone. */
const alternatives: Readonly<Record<string, readonly string[]>> = {
  'fleet.yaml': [
    'kind: Fleet\nsharedPaths: [base]\n',
    'kind: Fleet\nsharedPaths: [base]\ndefaults: [base/agents/*.yaml, tenants/acme/standard.yaml]\n',
    'kind: Fleet\nsharedPaths: [base]\nvars: {wait: 5s, idle: 1}\n',
    'kind: Fleet\nsharedPaths: [bse]\ntenants: {"g*": {limits: {maxFiles: 2}}}\n',
    'kind: Fleet\nunknown: 1\n',
  ],
  'base/agents/all.yaml': [
    'kind: AgentConfig\nselector: {}\nconfig: /base/all.yaml\n',
    'kind: AgentConfig\nselector: [\n',
  ],
  'base/all.yaml': bodies,
  'rollouts/careful.yaml': [
    'kind: Rollout\nsteps: [{name: all, percent: 100}]\n',
    'kind: Rollout\nsteps: []\n',
  ],
  'tenants/acme/tenant.yaml': tenants,
  'tenants/acme/edge.yaml': agentConfigs,
  'tenants/acme/standard.yaml': [
    'kind: AgentConfig\nselector: {}\nconfig: /base/all.yaml\n',
    edge('config: body.yaml\n'),
  ],
  'tenants/acme/body.yaml': bodies,
  'tenants/Acme/body.yaml': bodies.slice(0, 1),
  'tenants/globex/tenant.yaml': tenants,
  'tenants/globex/edge.yaml': agentConfigs,
  'tenants/globex/body.yaml': bodies,
  'notes.yaml': ['just: text\n', 'kind: Nothing\n'],
};

const change = fc
  .constantFrom(...Object.keys(alternatives))
  .chain((path) =>
    fc.record({ path: fc.constant(path), text: fc.constantFrom(undefined, ...(alternatives[path] ?? [])) }),
  );
const step = fc.record({
  changes: fc.array(change, { minLength: 1, maxLength: 3 }),
  now: fc.constantFrom(Date.UTC(2026, 10, 22), Date.UTC(2028, 5, 1)),
  secret: fc.constantFrom(undefined, 'one', 'two'),
  keepsOwners: fc.boolean(),
});

function ownersOf(snapshot: Snapshot): ReadonlyMap<string, string> {
  const entries = [...snapshot.tenants].flatMap(([name, { manifest }]) =>
    manifest.enrollment.map((entry) => [credentialClaim(entry), name] as const),
  );
  return new Map(entries);
}

it('a validator that has seen other revisions finds what one finds that has seen none', () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 2, maxLength: 6 }), (steps) => {
      const files: Record<string, string> = {};
      for (const [path, [first]] of Object.entries(alternatives))
        if (first !== undefined) files[path] = first;
      const blobs = new Map<BlobId, Uint8Array>();
      const validator = createRepoValidator({ readBlob: (id) => blobs.get(id) });
      let inForce: ReadonlyMap<string, string> = new Map();
      for (const { changes, now, secret, keepsOwners } of steps) {
        for (const { path, text } of changes) {
          if (text === undefined) delete files[path];
          else files[path] = text;
        }
        const { content, readBlob } = createMemoryRepo(files);
        for (const { blob } of content.entries) blobs.set(blob, readBlob(blob) ?? new Uint8Array());
        const digests = new Map(secret === undefined ? [] : [['password', secret]]);
        const secrets = new Map(secret === undefined ? [] : [['acme', { digests, problems: [] }]]);
        const input = { content, now, inForce, secrets };
        const snapshot = validator.validate(input);
        expect(snapshot).toEqual(validateRepo({ ...input, readBlob }));
        inForce = keepsOwners ? ownersOf(snapshot) : new Map();
      }
    }),
    { numRuns: 12 },
  );
}, 120_000);

/** Validates several revisions one after the other; each as one finds it that has seen none. */
function validateAll(revisions: readonly Files[], moments: readonly number[] = []): readonly Snapshot[] {
  const blobs = new Map<BlobId, Uint8Array>();
  const validator = createRepoValidator({ readBlob: (id) => blobs.get(id) });
  return revisions.map((files, index) => {
    const { content, readBlob } = createMemoryRepo(files);
    for (const { blob } of content.entries) blobs.set(blob, readBlob(blob) ?? new Uint8Array());
    const input = { content, now: moments[index] ?? Date.UTC(2026, 10, 22) };
    const snapshot = validator.validate(input);
    expect(snapshot).toEqual(validateRepo({ ...input, readBlob }));
    return snapshot;
  });
}

const first: Files = Object.fromEntries(
  Object.entries(alternatives).flatMap(([path, [text]]) => (text === undefined ? [] : [[path, text]])),
);
const standard = 'tenants/acme/standard.yaml';
const withStandard = {
  ...first,
  'fleet.yaml': `kind: Fleet\nsharedPaths: [base]\ndefaults: ["*/acme/standard.yaml"]\n`,
};

describe('taking over', () => {
  it('leaves a tenant whose files no commit touches as it is', () => {
    const [before, after] = validateAll([first, { ...first, 'tenants/acme/body.yaml': collectorText('7s') }]);
    expect(after?.tenants.get('globex')?.configs).toBe(before?.tenants.get('globex')?.configs);
    expect(after?.tenants.get('acme')?.configs).not.toBe(before?.tenants.get('acme')?.configs);
  });

  it('sees a default of the fleet in the folder of another tenant', () => {
    const [, after] = validateAll([
      withStandard,
      { ...withStandard, [standard]: `${first[standard]}priority: 5\n` },
    ]);
    expect(after?.tenants.get('globex')?.configs.map(({ priority }) => priority)).toContain(5);
  });

  it('sees a file that another tenant begins to name, and ceases to', () => {
    const unnamed = { ...first, 'base/lost.yaml': collectorText('9s') };
    validateAll([
      unnamed,
      { ...unnamed, 'tenants/globex/more.yaml': edge('config: /base/lost.yaml\n') },
      unnamed,
    ]);
  });

  it('sees overlays expire, and a clock that goes back', () => {
    const expiring = {
      ...first,
      'tenants/acme/edge.yaml': edge(`config: body.yaml\n${overlay('2028-01-01')}`),
    };
    const times = [Date.UTC(2026, 10, 22), Date.UTC(2028, 5, 1), Date.UTC(2026, 10, 23)];
    const told = validateAll([expiring, expiring, expiring], times).map(({ problems }) =>
      problems.some(({ code }) => code === 'FR032'),
    );
    expect(told).toEqual([false, true, false]);
  });
});
