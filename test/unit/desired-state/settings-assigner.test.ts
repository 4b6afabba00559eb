import { describe, expect, it } from 'vitest';
import { createSettingsAssigner } from '../../../src/desired-state/index.ts';
import { connection, packageManifest } from './manifests.ts';
import { selector } from './tenants.ts';

const labels = (entries: Record<string, string>) => new Map(Object.entries(entries));

describe('which Connection an agent gets', () => {
  const all = connection({ name: 'all' });
  const gateways = connection({ name: 'gateways', selector: selector('role=gateway'), priority: 5 });
  const windows = connection({ name: 'windows', selector: selector('os.type=windows'), priority: 5 });
  const assigner = createSettingsAssigner({ connections: [all, gateways, windows], packages: [] });

  it('none where nothing matches, and none of a kind that there is none of', () => {
    const { connection: match } = createSettingsAssigner({ connections: [gateways], packages: [] });
    expect(match(labels({ role: 'edge' }))).toEqual({ kind: 'none' });
    expect(assigner.package(labels({}))).toEqual({ kind: 'none' });
  });

  it('the only one that matches', () => {
    expect(assigner.connection(labels({ role: 'edge' }))).toEqual({ kind: 'one', manifest: all });
  });

  it('the highest priority', () => {
    expect(assigner.connection(labels({ role: 'gateway' }))).toEqual({ kind: 'one', manifest: gateways });
  });

  it('none but a conflict where the highest is shared', () => {
    const both = labels({ role: 'gateway', 'os.type': 'windows' });
    expect(assigner.connection(both)).toEqual({ kind: 'conflict', names: ['gateways', 'windows'] });
  });

  it('the same object for all agents alike, so that a large fleet shares it', () => {
    const first = assigner.connection(labels({ role: 'edge', host: 'a' }));
    expect(assigner.connection(labels({ role: 'edge', host: 'b' }))).toBe(first);
  });
});

it('Packages are matched by themselves', () => {
  const linux = packageManifest({}, { name: 'linux', selector: selector('os.type=linux') });
  const assigner = createSettingsAssigner({ connections: [connection()], packages: [linux] });
  expect(assigner.package(labels({ 'os.type': 'linux' }))).toEqual({ kind: 'one', manifest: linux });
  expect(assigner.package(labels({ 'os.type': 'darwin' }))).toEqual({ kind: 'none' });
});
