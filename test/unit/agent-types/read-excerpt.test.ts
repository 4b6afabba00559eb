import { expect, it } from 'vitest';
import { readExcerpt } from '../../../src/agent-types/index.ts';

const text = `exporters:
  otlp_http:
    headers: {x-api-key: hunter2, other: pin}
    endpoint: https://ada:s3cr3t@example.com
  debug:
    password: "one
      two"
    private_key: |
      line one
      line two
    verbosity: basic
    token: \${env:TOKEN}
service: {}
`;
const excerpt = (line: number, of = text) =>
  readExcerpt(new TextEncoder().encode(of), { file: 'collector.yaml', line, column: 1 });

it('shows a line with its neighbours, and no value under a secret name', () => {
  expect(excerpt(3)).toEqual({
    from: 2,
    lines: [
      '  otlp_http:',
      '    headers: {x-api-key: [REDACTED]',
      '    endpoint: https://[REDACTED]@example.com',
    ],
  });
  expect(excerpt(1)?.lines).toEqual(['exporters:', '  otlp_http:']);
  expect(excerpt(12)?.lines).toContain('    token: ${env:TOKEN}');
});

it('masks a secret that goes on for several lines, however it is written', () => {
  const shown = Array.from({ length: 14 }, (_, index) => excerpt(index + 1)?.lines.join('\n')).join('\n');
  for (const part of ['hunter2', 'pin', 's3cr3t', 'one', 'two', 'line'])
    expect(shown).not.toMatch(new RegExp(`\\b${part}\\b`));
  expect(shown).toContain('verbosity: basic');
});

it('shows nothing of a file that does not parse, nor beyond its end', () => {
  expect(excerpt(1, 'password: hunter2\n: [')).toBeUndefined();
  expect(excerpt(99)).toBeUndefined();
});

it('is nothing of a file of secrets, which may not be encrypted', () => {
  const bytes = new TextEncoder().encode('key: hunter2\n');
  expect(readExcerpt(bytes, { file: 'tenants/acme/secrets.sops.yaml', line: 1, column: 1 })).toBeUndefined();
});
