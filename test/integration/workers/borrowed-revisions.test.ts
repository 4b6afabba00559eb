import { expect, it, onTestFinished } from 'vitest';
import type { Assigned, RepoContent } from '../../../src/model/index.ts';
import { createSilentLogger, createSystemClock } from '../../../src/runtime/index.ts';
import { startConfigEngine } from '../../../src/workers/index.ts';
import { contentOf } from '../../support/repo-content.ts';
import { collectorText, oneTenant } from '../../support/service.ts';

const followed = contentOf(oneTenant, 1);
const proposed = contentOf({ ...oneTenant, 'edge/collector.yaml': collectorText('9s') }, 2);

function start() {
  const opened: (readonly string[])[] = [];
  const engine = startConfigEngine({
    clock: createSystemClock(),
    logger: createSilentLogger(),
    readSecrets: async (entries) => {
      opened.push(entries.map(({ path }) => path));
      return new Map();
    },
  });
  onTestFinished(() => engine.close());
  return { engine, opened };
}

const blobOf = ({ entries }: RepoContent) => {
  const entry = entries.find(({ path }) => path === 'edge/collector.yaml');
  if (!entry) throw new Error('no such file');
  return entry.blob;
};

it('a borrowed revision renders until it is released, and nobody counts on its files', async () => {
  const { engine } = start();
  const base = await engine.load(followed, new Map());
  const head = await engine.borrow(proposed, new Map(), false);
  expect([engine.hasBlob(blobOf(followed)), engine.hasBlob(blobOf(proposed))]).toEqual([true, false]);
  engine.retain(new Set([base.revision]));
  const assigned: Assigned = {
    kind: 'assigned',
    config: 'edge',
    overlays: [],
    agentVars: [],
    renderKey: 'k',
  };
  const request = { revision: head.revision, tenant: 'default', assigned };
  const before = { ...request, revision: base.revision, assigned: { ...assigned, renderKey: 'b' } };
  expect(await engine.render([request])).toMatchObject([{ kind: 'rendered' }]);
  const [change] = await engine.compare([{ before, after: request }]);
  expect(change?.diff).toContain('+    timeout: 9s');
  engine.release(head.revision);
  expect(await engine.render([{ ...request, assigned: { ...assigned, renderKey: 'n' } }])).toEqual([
    undefined,
  ]);
});

it('of a stranger’s revision, only secrets files that are followed as well are opened', async () => {
  const { engine, opened } = start();
  const files = { ...oneTenant, 'secrets.sops.yaml': 'token: a\n' };
  await engine.load(contentOf(files, 1), new Map());
  await engine.borrow(contentOf({ ...files, 'edge.yaml': 'kind: AgentConfig\n' }, 2), new Map(), true);
  await engine.borrow(contentOf({ ...files, 'secrets.sops.yaml': 'token: b\n' }, 3), new Map(), true);
  expect(opened.map((paths) => paths.includes('secrets.sops.yaml'))).toEqual([true, true, false]);
});

const filtered = collectorText()
  .replace('processors:\n', 'processors:\n  filter: {error_mode: ignore}\n')
  .replace('[batch]', '[filter, batch]');

it.each([
  ['the rule’s own', undefined, ['warning']],
  ['what the head’s Fleet sets', 'error', ['error']],
  ['none, where the Fleet turns it off', 'off', []],
])('what a change takes has a severity: %s', async (_, set, severities) => {
  const { engine } = start();
  const fleet = set === undefined ? {} : { 'fleet.yaml': `kind: Fleet\nrules: {OC062: ${set}}\n` };
  const base = await engine.load(followed, new Map());
  const files = { ...oneTenant, ...fleet, 'edge/collector.yaml': filtered };
  const head = await engine.borrow(contentOf(files, 2), new Map(), false);
  const assigned = { kind: 'assigned', config: 'edge', overlays: [], agentVars: [] } as const;
  const after = { revision: head.revision, tenant: 'default', assigned: { ...assigned, renderKey: 'k' } };
  const before = { ...after, revision: base.revision, assigned: { ...assigned, renderKey: 'b' } };
  const [change] = await engine.compare([{ before, after }]);
  expect(change?.findings.map(({ code, severity }) => [code, severity])).toEqual(
    severities.map((severity) => ['OC062', severity]),
  );
});
