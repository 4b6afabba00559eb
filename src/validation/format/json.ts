import type { Problem } from '../../model/index.ts';
import { summarizeProblems } from './summary.ts';

/** One JSON document with the members that contract.md names, in its order. */
export function formatJson(problems: readonly Problem[]): string {
  const listed = problems.map(
    ({ code, severity, file, line, column, message, tenant, tenants, config, layer, suggestion }) => ({
      code,
      severity,
      file,
      line,
      column,
      message,
      tenant,
      tenants,
      config,
      layer,
      suggestion,
    }),
  );
  return `${JSON.stringify({ problems: listed, summary: summarizeProblems(problems) })}\n`;
}
