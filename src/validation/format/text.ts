import type { Problem, Severity } from '../../model/index.ts';

const styles: Readonly<Record<Severity, string>> = { error: '31', warning: '33', info: '36' };

/** One line a problem, `file:line:column  severity code message`, and where it was found on a line below. */
export function formatText(problems: readonly Problem[], color: boolean): string {
  return problems.map((problem) => `${formatProblem(problem, color)}\n`).join('');
}

function formatProblem(problem: Problem, color: boolean): string {
  const { file, line, column, severity, code, message } = problem;
  const head = `${paint(`${file}:${line}:${column}`, '1', color)}  ${paint(severity, styles[severity], color)} ${code} ${message}`;
  const context = describeContext(problem);
  return context === undefined ? head : `${head}\n  ${paint(context, '2', color)}`;
}

function describeContext({ tenant, tenants, config, layer }: Problem): string | undefined {
  if (config === undefined) return tenants === undefined ? undefined : `for ${listTenants(tenants)}`;
  const who = tenant === undefined ? `${config} of ${listTenants(tenants ?? [])}` : `${tenant}/${config}`;
  return `while rendering ${who}${layer === undefined ? '' : `, layer ${layer}`}`;
}

function listTenants(tenants: readonly string[]): string {
  const shown = tenants.slice(0, 3).join(', ');
  const rest = tenants.length - 3;
  return `${tenants.length} tenants (${rest > 0 ? `${shown} and ${rest} more` : shown})`;
}

function paint(text: string, style: string, color: boolean): string {
  return color ? `\u001b[${style}m${text}\u001b[0m` : text;
}
