import type { Problem, Severity } from '../../model/index.ts';
import { repoCodes } from '../codes.ts';
import { collectorRules } from '../rules/index.ts';

const levels: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', info: 'note' };

/** A SARIF 2.1.0 log with one run; paths are relative to the repo's root. */
export function formatSarif(problems: readonly Problem[]): string {
  const codes = [...new Set(problems.map(({ code }) => code))].sort();
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'muster', rules: codes.map(describeRule) } },
        results: problems.map((problem) => describeResult(problem, codes.indexOf(problem.code))),
      },
    ],
  };
  return `${JSON.stringify(log)}\n`;
}

function describeRule(code: string): object {
  const rule = collectorRules.find((candidate) => candidate.code === code);
  const title =
    rule?.summary ?? (repoCodes as Readonly<Record<string, { readonly title: string }>>)[code]?.title;
  return {
    id: code,
    ...(rule ? { name: rule.name } : {}),
    ...(title ? { shortDescription: { text: title } } : {}),
  };
}

function describeResult(problem: Problem, ruleIndex: number): object {
  const { code, severity, message, file, line, column } = problem;
  const region = { startLine: line, startColumn: column };
  return {
    ruleId: code,
    ruleIndex,
    level: levels[severity],
    message: { text: message },
    locations: [{ physicalLocation: { artifactLocation: { uri: encodePath(file) }, region } }],
    ...describeProperties(problem),
  };
}

function describeProperties({ tenant, config, layer }: Problem): object {
  if (tenant === undefined && config === undefined) return {};
  return { properties: { tenant, config, layer } };
}

function encodePath(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/');
}
