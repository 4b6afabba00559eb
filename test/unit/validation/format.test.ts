import { describe, expect, it } from 'vitest';
import type { Problem } from '../../../src/model/index.ts';
import { formatProblems, summarizeProblems } from '../../../src/validation/index.ts';

const problem: Problem = {
  code: 'OC011',
  severity: 'error',
  file: 'tenants/acme/edge/collector.yaml',
  line: 7,
  column: 30,
  message: 'exporter "otlp_htp" is not defined. Did you mean "otlp_http" (base/common.yaml:12:3)?',
  tenant: 'acme',
  config: 'edge',
  layer: '2 of 3',
  suggestion: 'otlp_http',
};
const shared: Problem = {
  code: 'FR029',
  severity: 'warning',
  file: 'fleet.yaml',
  line: 3,
  column: 1,
  message: 'a: 100%, b\nc',
  tenants: ['a', 'b', 'c', 'd'],
};

describe('formatProblems', () => {
  it('text: place, severity, code, message, and where it was found', () => {
    expect(formatProblems([problem, shared], 'text')).toBe(
      `tenants/acme/edge/collector.yaml:7:30  error OC011 exporter "otlp_htp" is not defined. Did you mean "otlp_http" (base/common.yaml:12:3)?
  while rendering acme/edge, layer 2 of 3
fleet.yaml:3:1  warning FR029 a: 100%, b
c
  for 4 tenants (a, b, c and 1 more)
`,
    );
  });

  it('text: colours only when asked', () => {
    expect(formatProblems([problem], 'text')).not.toContain('\u001b');
    expect(formatProblems([problem], 'text', { color: true })).toContain('\u001b[31merror\u001b[0m');
  });

  it('json: the members of the contract and a summary', () => {
    const { tenants: _, ...rest } = shared;
    expect(JSON.parse(formatProblems([problem, rest], 'json'))).toEqual({
      problems: [problem, rest],
      summary: { errors: 1, warnings: 1 },
    });
    expect(formatProblems([], 'json')).toBe('{"problems":[],"summary":{"errors":0,"warnings":0}}\n');
  });

  it('sarif: rules once, results with level and region', () => {
    const log = JSON.parse(formatProblems([problem, problem, shared], 'sarif'));
    expect(log.version).toBe('2.1.0');
    const [run] = log.runs;
    expect(run.tool.driver.rules.map((rule: { id: string }) => rule.id)).toEqual(['FR029', 'OC011']);
    expect(run.results[0]).toMatchObject({
      ruleId: 'OC011',
      ruleIndex: 1,
      level: 'error',
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: 'tenants/acme/edge/collector.yaml' },
            region: { startLine: 7, startColumn: 30 },
          },
        },
      ],
    });
    expect(run.results[2].level).toBe('warning');
  });

  it('github: one workflow command a line, escaped', () => {
    expect(formatProblems([{ ...shared, file: 'a,b:c.yaml' }], 'github')).toBe(
      '::warning file=a%2Cb%3Ac.yaml,line=3,col=1,title=FR029::a: 100%25, b%0Ac\n',
    );
  });

  it('nothing to say', () => {
    expect(formatProblems([], 'text')).toBe('');
    expect(formatProblems([], 'github')).toBe('');
    expect(summarizeProblems([])).toEqual({ errors: 0, warnings: 0 });
  });
});
