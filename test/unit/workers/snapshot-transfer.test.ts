import { describe, expect, it } from 'vitest';
import type { BlobId, RepoContent, Snapshot } from '../../../src/model/index.ts';
import { createRepoValidator } from '../../../src/validation/index.ts';
import { createSnapshotReceiver, createSnapshotSender } from '../../../src/workers/snapshot-transfer.ts';
import { contentOf } from '../../support/repo-content.ts';

const now = Date.UTC(2026, 0, 1);
const body = (endpoint: string) =>
  `receivers: {otlp: {protocols: {grpc: {endpoint: "${endpoint}"}}}}\nexporters: {debug: {}}\nservice: {pipelines: {logs: {receivers: [otlp], exporters: [debug]}}}\n`;
const tenant = (name: string) => ({
  [`tenants/${name}/tenant.yaml`]: `kind: Tenant\nname: ${name}\n`,
  [`tenants/${name}/edge.yaml`]: 'kind: AgentConfig\nselector: {}\nconfig: collector.yaml\n',
  [`tenants/${name}/collector.yaml`]: body('localhost:4317'),
});
const first: Readonly<Record<string, string>> = {
  'fleet.yaml': 'kind: Fleet\n',
  ...tenant('acme'),
  ...tenant('globex'),
  ...tenant('initech'),
};

/** A thread's validator, which takes over what a commit leaves as it was. */
function createValidation(): (content: RepoContent) => Snapshot {
  const blobs = new Map<BlobId, Uint8Array>();
  const validator = createRepoValidator({ readBlob: (id) => blobs.get(id) });
  return (content) => {
    for (const [id, bytes] of content.blobs) blobs.set(id, bytes);
    return validator.validate({ content, now });
  };
}

/** Sends revisions one after the other, as between threads; which tenants crossed with each. */
function transfer(revisions: readonly Readonly<Record<string, string>>[]) {
  const sender = createSnapshotSender();
  const receiver = createSnapshotReceiver();
  const snapshotOf = createValidation();
  return revisions.map((files, index) => {
    const content = contentOf(files, index + 1);
    const snapshot = snapshotOf(content);
    const packed = structuredClone(sender.pack(snapshot));
    const crossed = packed.tenants.flatMap((one) => (typeof one === 'string' ? [] : [one.name]));
    return { snapshot, crossed, received: receiver.unpack(packed) };
  });
}

const { 'tenants/globex/edge.yaml': moved = '', ...withoutEdge } = first;

describe('a snapshot between threads', () => {
  it.each<[string, Readonly<Record<string, string>>, readonly string[]]>([
    ['nothing', first, []],
    ['the body of one tenant', { ...first, 'tenants/acme/collector.yaml': body('0.0.0.0:4317') }, ['acme']],
    ['where a manifest lies', { ...withoutEdge, 'tenants/globex/moved.yaml': moved }, ['globex']],
    [
      'lines of a manifest',
      { ...first, 'tenants/acme/edge.yaml': `\n\n${first['tenants/acme/edge.yaml']}` },
      ['acme'],
    ],
    ['a mistake', { ...first, 'tenants/acme/edge.yaml': 'kind: AgentConfig\nselektor: {}\n' }, ['acme']],
    [
      'the fleet',
      { ...first, 'fleet.yaml': 'kind: Fleet\nvars: {zone: a}\n' },
      ['acme', 'globex', 'initech'],
    ],
    ['a new tenant', { ...first, ...tenant('hooli') }, ['hooli']],
    ['a file of nobody', { ...first, 'broken.yaml': 'kind: Nothing\n' }, ['acme', 'globex', 'initech']],
    ['what no tenant looks at', { ...first, CODEOWNERS: '*' }, ['acme', 'globex', 'initech']],
  ])('is whole where a commit changes %s, and only what changed crosses', (_, second, crossed) => {
    const [, changed, back] = transfer([first, second, first]);
    expect(changed?.crossed).toEqual(crossed);
    expect(changed?.received).toEqual(changed?.snapshot);
    expect(back?.received).toEqual(back?.snapshot);
  });

  it('is whole where a tenant goes and comes back', () => {
    const { 'tenants/acme/tenant.yaml': _, ...without } = first;
    const all = transfer([first, without, first]);
    for (const { received, snapshot } of all) expect(received).toEqual(snapshot);
  });

  it('is whole from a sender that begins anew', () => {
    const receiver = createSnapshotReceiver();
    const snapshotOf = createValidation();
    for (const number of [1, 2]) {
      const content = contentOf(first, number);
      const snapshot = snapshotOf(content);
      expect(receiver.unpack(createSnapshotSender().pack(snapshot))).toEqual(snapshot);
    }
  });
});
