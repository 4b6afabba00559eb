import { describe, expect, test } from 'vitest';
import type { Attribute, AttributeValue } from '../../../src/model/index.ts';
import { applyFleetLabels, flattenLabels, parseSelectorLine } from '../../../src/selectors/index.ts';

const server = { uid: '01936f2e-8c1a-7b42-9d55-0f3c6a7e1b20', tenant: 'acme', type: 'otelcol' } as const;

function attributes(plain: Record<string, AttributeValue>): Attribute[] {
  return Object.entries(plain).map(([key, value]) => ({ key, value }));
}

function flatten(
  identifying: Record<string, AttributeValue>,
  nonIdentifying: Record<string, AttributeValue> = {},
) {
  const flattened = flattenLabels(
    { identifying: attributes(identifying), nonIdentifying: attributes(nonIdentifying) },
    server,
  );
  const own = [...flattened.labels].filter(([key]) => !key.startsWith('fleet.'));
  return { ...flattened, own: Object.fromEntries(own) };
}

test('identifying attributes are over non-identifying ones, and the server is over both', () => {
  const { labels, warnings } = flatten(
    { 'service.name': 'gateway', 'fleet.tenant': 'globex' },
    { 'service.name': 'other', 'host.name': 'web-17', 'fleet.ring': 'canary' },
  );
  expect([...labels]).toEqual([
    ['service.name', 'gateway'],
    ['host.name', 'web-17'],
    ['fleet.uid', server.uid],
    ['fleet.tenant', 'acme'],
    ['fleet.type', 'otelcol'],
  ]);
  expect(warnings).toEqual([
    'attributes under fleet. are set by the server only and were dropped: "fleet.tenant", "fleet.ring"',
  ]);
});

test('scalars become their canonical text, arrays keep their scalars, maps are left out', () => {
  const { own, warnings } = flatten({
    yes: true,
    int: 42n,
    double: 1.5,
    whole: 2,
    bytes: new Uint8Array([0, 255]),
    list: ['a', 1, false, null, new Map([['x', 'y']])],
    empty: [],
    map: new Map([['x', 'y']]),
    nothing: null,
  });
  expect(own).toEqual({
    yes: 'true',
    int: '42',
    double: '1.5',
    whole: '2',
    bytes: 'AP8=',
    list: ['a', '1', 'false'],
    empty: [],
  });
  expect(warnings).toEqual(['maps and nested lists cannot be selected and were left out: "list", "map"']);
});

describe('deployment.environment', () => {
  test('is kept under its current name', () => {
    expect(flatten({}, { 'deployment.environment': 'prod' }).own).toEqual({
      'deployment.environment.name': 'prod',
    });
  });

  test('never hides the current name of the same list', () => {
    const both = { 'deployment.environment.name': 'prod', 'deployment.environment': 'old' };
    expect(flatten(both).own).toEqual({ 'deployment.environment.name': 'prod' });
  });
});

describe('limits', () => {
  test('256 attributes, identifying ones first', () => {
    const many = Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`a${index}`, 'x']));
    const { labels, warnings } = flatten({ 'service.name': 'gateway' }, many);
    expect(labels.size).toBe(256 + 3);
    expect(labels.get('service.name')).toBe('gateway');
    expect(warnings).toEqual([
      'only 256 attributes are kept, the rest were dropped: "a255", "a256", "a257" and 9742 more',
    ]);
  });

  test('long values and lists are cut', () => {
    const { own, warnings } = flatten({ text: 'x'.repeat(1_000_000), list: Array(100).fill('y') });
    expect(own.text).toBe('x'.repeat(256));
    expect(own.list).toHaveLength(64);
    expect(warnings).toEqual(['values over 256 characters or 64 elements were cut: "text", "list"']);
  });

  test('a value is never cut through a character', () => {
    expect(flatten({ text: `${'x'.repeat(255)}\u{1f680}` }).own.text).toBe(`${'x'.repeat(255)}\ufffd`);
  });

  test('control characters and lone surrogates are replaced', () => {
    expect(flatten({ text: 'a\u0000b\nc\u009fd\ud800e\u{1f680}' }).own.text).toBe(
      'a\ufffdb\ufffdc\ufffdd\ufffde\u{1f680}',
    );
  });

  test('keys outside the charset are dropped, and shown harmlessly', () => {
    const { own, warnings } = flatten({
      '': 'x',
      'a b': 'x',
      ['k'.repeat(128)]: 'x',
      '\u0007': 'x',
      'a/b-c.d_e': 'y',
    });
    expect(own).toEqual({ 'a/b-c.d_e': 'y' });
    expect(warnings).toEqual([
      `attributes whose key is no label key were dropped: "", "a b", "${'k'.repeat(64)}" and 1 more`,
    ]);
  });

  test('no key reaches a prototype', () => {
    const { labels } = flattenLabels(
      {
        identifying: [
          { key: '__proto__', value: 'polluted' },
          { key: 'constructor', value: 'polluted' },
        ],
        nonIdentifying: [],
      },
      server,
    );
    expect(labels.get('__proto__')).toBe('polluted');
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    expect(Object.getPrototypeOf(labels)).toBe(Map.prototype);
  });
});

describe('labels that the fleet sets', () => {
  function rule(line: string, set: Record<string, string>) {
    const parsed = parseSelectorLine(line);
    if ('error' in parsed) throw new Error(parsed.error);
    return { selector: parsed.selector, set: new Map(Object.entries(set)) };
  }
  const labels = new Map([
    ['host.name', 'web-1'],
    ['fleet.uid', 'u'],
  ]);

  test('come from every rule that matches, in order, each on what was set before', () => {
    const result = applyFleetLabels(labels, [
      rule('fleet.ring=canary', { 'fleet.early': 'no' }),
      rule('host.name~web-*', { 'fleet.ring': 'canary', 'fleet.role': 'web' }),
      rule('fleet.ring=canary', { 'fleet.role': 'canary-web' }),
    ]);
    expect(Object.fromEntries(result)).toEqual({
      'host.name': 'web-1',
      'fleet.uid': 'u',
      'fleet.ring': 'canary',
      'fleet.role': 'canary-web',
    });
  });

  test('never replace an attribute, nor what the server alone knows', () => {
    expect(
      applyFleetLabels(labels, [rule('', { 'host.name': 'x', 'fleet.uid': 'x', 'fleet.tenant': 'x' })]),
    ).toBe(labels);
  });
});
