import { describe, expect, it } from 'vitest';
import {
  agentTypes,
  listLiteralSecrets,
  listSecretTexts,
  maskTexts,
} from '../../../src/agent-types/index.ts';
import { parseYaml, stringNode } from '../../../src/manifests/index.ts';
import type { ConfigNode } from '../../../src/model/index.ts';

const at = { file: 'secrets.sops.yaml', line: 1, column: 1 };
const textsOf = (...values: readonly string[]) =>
  listSecretTexts(values.map((value) => stringNode(value, at)));
const parse = (text: string) =>
  parseYaml(new TextEncoder().encode(text), 'body.yaml').documents[0] as ConfigNode;
const redact = (effective: string, secrets: readonly string[], desired?: string) =>
  agentTypes.otelcol.redact(effective, { secrets, ...(desired !== undefined && { desired: parse(desired) }) })
    .text;

describe('texts of secrets', () => {
  it('are found with `$` doubled, in quotes, and line by line', () => {
    const texts = textsOf('pass$word"x', 'first line\nother line');
    for (const text of [
      'is pass$word"x here',
      'is pass$$word"x here',
      'is pass$word\\"x here',
      'is first line here',
    ])
      expect(maskTexts(text, texts)).toBe('is [REDACTED] here');
  });

  it('what is too short to tell apart, and bools, are not looked for', () => {
    const bool = { kind: 'scalar', text: 'true', style: 'plain', type: 'bool', at } as const;
    expect(listSecretTexts([bool, stringNode('short', at)])).toEqual([]);
  });

  it('the longer one is masked first, so that nothing of it is left', () => {
    expect(maskTexts('canary-one-two', textsOf('canary', 'canary-one-two'))).toBe('[REDACTED]');
  });

  it('literals are the values under secret names that Git holds as they are', () => {
    const body = parse(
      'exporters:\n  x:\n    password: literal\n    token: ${env:T}\n    api_key: $(secrets.k)\n    note: open\n',
    );
    expect(listLiteralSecrets(body).map(({ text }) => text)).toEqual(['literal']);
  });
});

describe('a report that repeats a secret', () => {
  it('is masked wherever it stands, within a text too', () => {
    expect(redact('a: {b: x canary-1 y, c: [canary-1]}\n', textsOf('canary-1'))).toBe(
      'a:\n  b: x [REDACTED] y\n  c:\n    - "[REDACTED]"\n',
    );
  });

  it('is left alone where Git shows the same text in the open, so that no component is taken for missing', () => {
    const text = 'service: {pipelines: {traces: {exporters: [otlp/production]}}}\nnote: for production\n';
    const shown = redact(
      text,
      textsOf('production'),
      'service: {pipelines: {traces: {exporters: [otlp/production]}}}\n',
    );
    expect(shown).toContain('otlp/production');
    expect(shown).toContain('note: for [REDACTED]');
  });

  it('of type raw is masked too', () => {
    expect(agentTypes.raw.redact('key=canary-1\n', { secrets: textsOf('canary-1') }).text).toBe(
      'key=[REDACTED]\n',
    );
  });
});
