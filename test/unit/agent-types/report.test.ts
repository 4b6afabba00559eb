import { describe, expect, it } from 'vitest';
import {
  agentTypes,
  compareReport,
  type DesiredEntry,
  redactReport,
  showReport,
} from '../../../src/agent-types/index.ts';
import type { AgentType, ReportedFile } from '../../../src/model/index.ts';
import { body } from './trees.ts';

type Texts = Readonly<Record<string, string>>;

function judge(type: AgentType, desired: Texts, reported: Texts) {
  const adapter = agentTypes[type];
  const entries = Object.entries(desired).map(([key, text]): DesiredEntry => {
    const tree = body(text, type, `${key || 'config'}.src`);
    return { key, tree, merged: tree };
  });
  const files = Object.entries(reported).map(([key, text]): ReportedFile => {
    return { key, contentType: '', body: new TextEncoder().encode(text) };
  });
  const report = redactReport(adapter, files, entries);
  return { report, verdict: compareReport(adapter, entries, report) };
}

const resource = (value: string) => `spec: {mode: ${value}, config: {receivers: {}}}`;

describe('a report of several entries', () => {
  it('is judged key by key, and what only the agent has does not count', () => {
    const desired = { 'a/x': resource('daemonset'), 'a/y': resource('sidecar') };
    const uid = '01936f2e-8c1a-7b42-9d55-0f3c6a7e1b20';
    const same = { ...desired, 'b/z': resource('other'), [uid]: 'receivers: {}' };
    expect(judge('otelcol-cr', desired, same).verdict).toEqual({ verdict: 'in-sync', differences: [] });
    expect(judge('otelcol-cr', desired, { ...same, 'a/y': resource('deployment') }).verdict).toMatchObject({
      verdict: 'drift',
      differences: [
        { path: 'a/y::spec::mode', desired: 'sidecar', effective: 'deployment', setBy: { file: 'a/y.src' } },
      ],
    });
  });

  it('without a desired resource is a wrong config, whatever else is only drift', () => {
    const desired = { 'a/x': resource('daemonset'), 'a/y': resource('sidecar') };
    const { verdict } = judge('otelcol-cr', desired, { 'a/x': resource('deployment') });
    expect(verdict).toMatchObject({ verdict: 'wrong-config', reason: 'resource a/y is missing' });
    expect(verdict.differences.map(({ path }) => path)).toEqual(['a/x::spec::mode']);
  });

  it('without a desired text has drifted', () => {
    const { verdict } = judge('raw', { 'a.conf': 'x', 'b.conf': 'y' }, { 'a.conf': 'x' });
    expect(verdict).toMatchObject({
      verdict: 'drift',
      differences: [
        { path: 'b.conf', desired: '1 characters', effective: '(absent)', setBy: { file: 'b.conf.src' } },
      ],
    });
  });

  it('with an entry that cannot be read is unreadable, and nothing of the entry is kept', () => {
    const { report, verdict } = judge(
      'otelcol-cr',
      { 'a/x': resource('x') },
      { 'a/x': '{ password: hunter2' },
    );
    expect(verdict).toMatchObject({
      verdict: 'unreadable',
      reason: 'a/x: the reported config cannot be read',
    });
    expect(showReport(report.entries)).not.toContain('hunter2');
  });

  it('is cut at 50 differences over all entries', () => {
    const many = (word: string) =>
      `spec: {config: {}, env: {${Array.from({ length: 40 }, (_, index) => `k${index}: ${word}`).join(', ')}}}`;
    const desired = { 'a/x': many('one'), 'a/y': many('one') };
    const { verdict } = judge('otelcol-cr', desired, { 'a/x': many('two'), 'a/y': many('two') });
    expect(verdict.differences).toHaveLength(50);
  });
});

describe('a report of one config', () => {
  it('is the entry with the type’s key, else the only one, and paths bear no key', () => {
    const desired = { '': 'a: 1' };
    expect(judge('otelcol', desired, { raw: 'a: 2', '': 'a: 1' }).verdict.verdict).toBe('in-sync');
    expect(judge('otelcol', desired, { raw: 'a: 2' }).verdict.differences).toMatchObject([{ path: 'a' }]);
    const sdk = judge('edot-sdk', { elastic: 'rate: 1' }, { elastic: '{"rate": "2"}' });
    expect(sdk.verdict.differences).toMatchObject([{ path: 'rate' }]);
    expect(judge('raw', { '': 'x' }, { config: 'x' }).verdict.verdict).toBe('in-sync');
  });

  it('is no verdict where there is no entry', () => {
    expect(judge('otelcol', { '': 'a: 1' }, {}).verdict.verdict).toBe('unreadable');
    expect(judge('otelcol', {}, { '': 'a: 1' }).verdict.verdict).toBe('unreadable');
  });
});

describe('a report for people', () => {
  it('is its text, and with several entries each under its name', () => {
    expect(showReport([{ key: '', text: 'a: 1\n' }])).toBe('a: 1\n');
    const shown = showReport([
      { key: 'a/x', text: 'a: 1\n' },
      { key: 'a/y', text: 'b: 2\n' },
    ]);
    expect(shown).toBe('# "a/x"\na: 1\n\n# "a/y"\nb: 2\n');
  });

  it('masks each entry by what is desired under its own key', () => {
    const desired = {
      'a/x': 'spec: {config: {e: {v: "${env:V}"}}}',
      'a/y': 'spec: {config: {e: {v: plain}}}',
    };
    const values = 'spec: {config: {e: {v: plain}}}';
    const { report } = judge('otelcol-cr', desired, { 'a/x': values, 'a/y': values });
    expect(report.entries.map(({ text }) => text.includes('plain'))).toEqual([false, true]);
  });

  it('keeps nothing of a text that was given a secret', () => {
    const { report, verdict } = judge('raw', { 'a.conf': 'key $(secrets.key)' }, { 'a.conf': 'key hunter2' });
    expect(showReport(report.entries)).not.toContain('hunter2');
    expect(verdict.verdict).toBe('unreadable');
  });
});
